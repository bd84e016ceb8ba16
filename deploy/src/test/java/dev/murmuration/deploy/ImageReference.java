package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image of other people's, as a file names it. */
record ImageReference(String file, String name) {

    /** A version with at least two numbers, a date or a build. */
    private static final Pattern EXACT =
            Pattern.compile(".+:[^:@]*\\d+(?:\\.\\d+|-\\d\\d)[^:@]*(?:@sha256:[0-9a-f]{64})?");

    static List<ImageReference> all() {
        List<ImageReference> all = new ArrayList<>();
        for (Path file : Repository.files("docker", "")) {
            if (file.getFileName().toString().startsWith("Dockerfile")
                    && !file.toString().endsWith(".dockerignore")) {
                all.addAll(dockerfile("docker/" + file.getFileName(), Repository.text(file)));
            }
        }
        all.addAll(yaml("docker-compose.yml", Repository.yaml("docker-compose.yml")));
        for (Path file : Repository.files("k8s", ".yaml")) {
            for (JsonNode document : Repository.yaml(file)) {
                all.addAll(yaml(file.getFileName().toString(), document));
            }
        }
        return all;
    }

    static List<ImageReference> dockerfile(String file, String text) {
        List<ImageReference> images = new ArrayList<>();
        Matcher from = Pattern.compile("(?m)^FROM (\\S+)").matcher(text);
        while (from.find()) {
            images.add(new ImageReference(file, from.group(1)));
        }
        return images;
    }

    static List<ImageReference> yaml(String file, JsonNode document) {
        return document.findValues("image").stream()
                .filter(JsonNode::isTextual)
                .map(image -> new ImageReference(file, image.asText()))
                .filter(image -> !image.name().startsWith("murmuration/"))
                .toList();
    }

    boolean floats() {
        return !EXACT.matcher(name).matches();
    }

    boolean isPinnedByDigest() {
        return name.contains("@sha256:");
    }
}
