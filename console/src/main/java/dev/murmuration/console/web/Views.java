package dev.murmuration.console.web;

import io.quarkus.qute.TemplateExtension;
import java.util.List;

/** The views in the order of the navigation, for every page as {@code web:views}. */
@TemplateExtension(namespace = "web")
final class Views {

    /**
     * A view.
     *
     * @param name as it stands in the navigation
     * @param path of its page
     */
    public record View(String name, String path) {}

    private static final List<View> ALL = List.of(
            new View("Pipeline", "/pipeline"),
            new View("Lag", "/lag"),
            new View("Wall", "/wall"),
            new View("Rejections", "/rejections"),
            new View("Track", "/track"),
            new View("Data sets", "/datasets"),
            new View("Runs", "/runs"),
            new View("Accuracy", "/accuracies"),
            new View("Try it", "/try"),
            new View("Operations", "/operations"));

    private Views() {}

    static List<View> views() {
        return ALL;
    }
}
