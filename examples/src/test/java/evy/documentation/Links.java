package evy.documentation;

import evy.documentation.Document.Prose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The links of a document, and the anchors that others can link to.
 *
 * @source GitHub's anchors: github-slugger
 */
final class Links {
    private static final Pattern CODE = Pattern.compile("(`+)(?:(?!\\1).)*\\1");
    private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)\\s>]+)>?(?: \"[^\"]*\")?\\)");
    private static final Pattern DEFINITION = Pattern.compile("^ {0,3}\\[[^\\]]+]:\\s+(\\S+).*");
    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");
    private static final Pattern LINKED = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)");
    private static final Pattern TAG = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

    private Links() {}

    /**
     * A link.
     *
     * @param line where it stands
     * @param target as written
     */
    record Link(int line, String target) {}

    static List<Link> of(Document document) {
        var links = new ArrayList<Link>();
        for (var part : document.parts()) {
            if (part instanceof Prose prose) {
                var text = document.lines().get(prose.line() - 1);
                var definition = DEFINITION.matcher(text);
                if (definition.matches()) {
                    links.add(new Link(prose.line(), definition.group(1)));
                }
                var matcher = LINK.matcher(CODE.matcher(text).replaceAll("code"));
                while (matcher.find()) {
                    links.add(new Link(prose.line(), matcher.group(1)));
                }
            }
        }
        return links;
    }

    /** The anchors of a document's headings, by GitHub's rules, and those set by hand. */
    static Set<String> anchors(Document document) {
        var anchors = new TreeSet<String>();
        var times = new HashMap<String, Integer>();
        for (var part : document.parts()) {
            if (part instanceof Prose prose) {
                var text = document.lines().get(prose.line() - 1);
                var heading = HEADING.matcher(text);
                if (heading.matches()) {
                    var slug = slug(heading.group(1));
                    int before = times.merge(slug, 1, Integer::sum) - 1;
                    anchors.add(before == 0 ? slug : slug + "-" + before);
                }
                var tag = TAG.matcher(text);
                while (tag.find()) {
                    anchors.add(tag.group(1));
                }
            }
        }
        return anchors;
    }

    static String slug(String heading) {
        var text = LINKED.matcher(heading).replaceAll("$1");
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
                .replace(' ', '-');
    }
}
