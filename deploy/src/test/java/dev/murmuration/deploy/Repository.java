package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of this repository. */
final class Repository {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Path ROOT = root();

    private Repository() {}

    static Path path(String relative) {
        return ROOT.resolve(relative);
    }

    static String text(String relative) {
        return text(path(relative));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The documents of a YAML file, anchors and merge keys resolved. */
    static List<JsonNode> yaml(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            LoaderOptions strict = new LoaderOptions();
            strict.setAllowDuplicateKeys(false);
            List<JsonNode> documents = new ArrayList<>();
            for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(reader)) {
                if (document != null) {
                    documents.add(JSON.valueToTree(document));
                }
            }
            return documents;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static JsonNode yaml(String relative) {
        return yaml(path(relative)).getFirst();
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Properties properties(String relative) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path(relative))) {
            properties.load(reader);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return properties;
    }

    /** Files below a folder whose names end so, in order. */
    static List<Path> files(String folder, String ending) {
        try (Stream<Path> all = Files.walk(path(folder))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A property of the root pom.xml, where every version is. */
    static String version(String property) {
        Matcher matcher =
                Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)<").matcher(text("pom.xml"));
        if (!matcher.find()) {
            throw new IllegalStateException("pom.xml has no property " + property);
        }
        return matcher.group(1);
    }

    private static Path root() {
        String told = System.getProperty("murmuration.root");
        if (told == null) {
            throw new IllegalStateException("the system property murmuration.root is not set: run by Maven");
        }
        return Path.of(told);
    }
}
