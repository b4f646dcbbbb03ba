package evy.all;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;

/**
 * Which modules are published, and that the BOM has them all. What a release makes of them, a
 * script checks.
 */
class PublishedModulesIT {
    private static final Path ROOT = Path.of(System.getProperty("evy.root"));

    @Test
    void modules_published_areThoseOfTheBom() throws Exception {
        var published = new ArrayList<String>();
        for (var module : texts(pom("."), "//modules/module")) {
            var pom = pom(module);
            assertThat(texts(pom, "/project/name")).as(module).hasSize(1);
            assertThat(texts(pom, "/project/description")).as(module).hasSize(1);
            if (!texts(pom, "/project/properties/maven.deploy.skip").contains("true")) {
                published.add(module);
            }
        }

        var bom = pom("evy-bom");

        published.remove("evy-bom");
        assertThat(published).isNotEmpty().allMatch(module -> module.startsWith("evy-"));
        assertThat(texts(bom, "//dependency[not(classifier)]/artifactId"))
                .containsExactlyInAnyOrderElementsOf(published);
        assertThat(texts(bom, "/project/version")).isEqualTo(texts(pom("."), "/project/version"));
        assertThat(texts(bom, "/project/url")).isEqualTo(texts(pom("."), "/project/url"));
        assertThat(texts(bom, "/project/scm/*")).isEqualTo(texts(pom("."), "/project/scm/*"));
    }

    private static Document pom(String module) throws Exception {
        var file = ROOT.resolve(module).resolve("pom.xml").toFile();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file);
    }

    private static List<String> texts(Document pom, String path) throws Exception {
        List<String> texts = new ArrayList<>();
        XPathFactory.newInstance()
                .newXPath()
                .evaluateExpression(path, pom, javax.xml.xpath.XPathNodes.class)
                .forEach(node -> texts.add(node.getTextContent()));
        return texts;
    }
}
