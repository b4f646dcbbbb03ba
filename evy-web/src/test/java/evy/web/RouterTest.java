package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheckExtension.class)
class RouterTest {
    private static final App APP =
            new Router()
                    .route(
                            "/files/{path...}",
                            r -> Response.text("file " + r.pathParameter("path")))
                    .get("/users/{id}", r -> Response.text("user " + r.pathParameter("id")))
                    .get("/users/me", r -> Response.text("me"))
                    .delete("/users/{name}", r -> Response.text("gone " + r.pathParameter("name")))
                    .post("/users", r -> Response.of(201))
                    .put("/users/{id}/name", r -> Response.of(204))
                    .get("/files", _ -> Response.text("all files"))
                    .post("/files/new", _ -> Response.text("new"))
                    .get("/100%", _ -> Response.text("percent"))
                    .get("/", r -> Response.text("root"));

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200, root",
        "GET, /?x=y, 200, root",
        "GET, /users/7, 200, user 7",
        "GET, /users/a%2Fb%20c, 200, user a/b c",
        "GET, /users/me, 200, me",
        "GET, /%75sers/me, 200, me",
        "DELETE, /users/me, 200, gone me",
        "POST, /users, 201, ''",
        "PUT, /users/7/name, 204, ''",
        "GET, /files/a/b, 200, file a/b",
        "GET, /files, 200, all files",
        "GET, /file%73, 200, all files",
        "PUT, /files, 200, 'file '",
        "POST, /files/new, 200, new",
        "PUT, /files/new, 200, file new",
        "GET, /100%25, 200, percent",
        "HEAD, /users/me, 200, ''",
        "PATCH, /files/, 200, 'file '",
        "HEAD, /users/7, 200, ''",
        "GET, /users/, 404, 'not found\n'",
        "GET, /nothing, 404, 'not found\n'",
        "GET, http://x/users/7, 200, user 7",
    })
    void handle_request_choosesByMethodAndPath(
            String method, String target, int status, String body) throws Exception {
        Asking.Answer answer = Asking.ask(APP, method + " " + target + " HTTP/1.1");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(body);
    }

    @Test
    void handle_otherMethod_saysWhichAreAllowed() throws Exception {
        Asking.Answer refused = Asking.ask(APP, "POST /users/7 HTTP/1.1");
        Asking.Answer options = Asking.ask(APP, "OPTIONS /users/7 HTTP/1.1");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
    }

    @Test
    void otherwise_app_answersWhatNoRouteMatches() throws Exception {
        Router router = new Router().get("/a", _ -> Response.text("a"));
        router.otherwise(r -> Response.text("other " + r.path()));

        assertThat(Asking.get(router, "/b").text()).isEqualTo("other /b");
    }

    @Test
    void route_twice_throws() {
        Router router = new Router().get("/a/{x}", _ -> Response.of(200));

        assertThatThrownBy(() -> router.get("/a/{y}", _ -> Response.of(200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /a/{y}");
    }

    @Test
    void pathParameter_unknown_saysWhichThereAre() throws Exception {
        App app =
                new Router()
                        .get(
                                "/{id}",
                                r -> {
                                    try {
                                        return Response.text(r.pathParameter("name"));
                                    } catch (IllegalArgumentException e) {
                                        return Response.text(e.getMessage());
                                    }
                                });

        assertThat(Asking.get(app, "/7").text()).contains("'name'").contains("[id]");
    }
}
