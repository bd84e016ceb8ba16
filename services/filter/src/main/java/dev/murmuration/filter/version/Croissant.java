package dev.murmuration.filter.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The metadata of an exported version in Croissant 1.1 (docs.mlcommons.org/croissant), JSON-LD: its files with their checksums,
 * and as records its photos with their labels.
 */
public final class Croissant {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARQUET = "application/x-parquet";

    /** As the specification has it, but for the terms that are not used here. */
    private static final String CONTEXT = """
            {"@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
             "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/", "dct": "http://purl.org/dc/terms/",
             "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn",
             "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
             "equivalentProperty": "cr:equivalentProperty",
             "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
             "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
             "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
             "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
             "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
             "samplingRate": "cr:samplingRate", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
             "transform": "cr:transform"}""";

    private Croissant() {}

    /**
     * Writes it.
     *
     * @param path where a shard lies in the export
     * @param indexSha256 of index.csv
     * @param tableSha256 of samples.parquet; empty if the export has none
     * @param terms of the feeds that the photos are from, as they are configured: the license of a sample stands in its JSON
     */
    public static String of(
            Version version,
            Function<Shard, String> path,
            String indexSha256,
            Optional<String> tableSha256,
            Collection<String> terms) {
        try {
            ObjectNode root = JSON.createObjectNode();
            root.set("@context", JSON.readTree(CONTEXT));
            root.put("@type", "sc:Dataset")
                    .put("conformsTo", "http://mlcommons.org/croissant/1.1")
                    .put("name", "murmuration-" + version.dataset())
                    .put("version", "%d.0.0".formatted(version.number()))
                    .put(
                            "description",
                            "Photos of public posts, labelled by the sentiment that a textual teacher sees in the text they were posted with.")
                    .put("datePublished", DataCard.newest(version).toString())
                    .put("isLiveDataset", false);
            if (!terms.isEmpty()) {
                ArrayNode licenses = root.putArray("license");
                terms.stream().distinct().sorted().forEach(licenses::add);
            }
            responsible(root, version);
            ArrayNode files = root.putArray("distribution");
            distribution(files, version, path, indexSha256);
            tableSha256.ifPresent(sha256 -> file(files, "table", SampleTable.FILE, PARQUET, sha256));
            ArrayNode records = root.putArray("recordSet");
            shards(records);
            if (tableSha256.isPresent()) {
                table(records);
            }
            samples(records, version);
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the vocabulary of responsible AI, what is known here. */
    private static void responsible(ObjectNode root, Version version) {
        String teachers = String.join(
                ", ",
                version.shards()
                        .map(Shard::getTeacher)
                        .distinct()
                        .map(DataCard::named)
                        .toList());
        root.put(
                        "rai:dataCollection",
                        "Public posts with photos, as their networks stream them, deleted ones taken out.")
                .put("rai:dataCollectionType", "Web Scraping")
                .put("rai:annotationsPerItem", "1")
                .put("rai:machineAnnotationTools", teachers)
                .put(
                        "rai:dataLimitation",
                        "No person labelled the photos. A label is a guess from the text, and wrong where the text says nothing of the photo.")
                .put(
                        "rai:dataUseCases",
                        "Learning and evaluating models of image sentiment; not for judging single people.")
                .put(
                        "rai:personalSensitiveInformation",
                        "Photos and texts may show or name people. Authors are not named; samples in redactions.txt must be skipped.");
    }

    private static void distribution(
            ArrayNode files, Version version, Function<Shard, String> path, String indexSha256) {
        file(files, "index", "index.csv", "text/csv", indexSha256);
        for (Shard shard : version.shards().toList()) {
            files.addObject()
                    .put("@type", "cr:FileObject")
                    .put("@id", path.apply(shard))
                    .put("contentUrl", path.apply(shard))
                    .put("contentSize", shard.getBytes() + " B")
                    .put("encodingFormat", "application/x-tar")
                    .put("sha256", shard.getSha256());
        }
        for (Map.Entry<String, String> set :
                Map.of("photos", "image/jpeg", "labels", "text/plain").entrySet()) {
            ObjectNode object = files.addObject().put("@type", "cr:FileSet").put("@id", set.getKey() + "-files");
            ArrayNode containers = object.putArray("containedIn");
            version.shards().forEach(shard -> containers.addObject().put("@id", path.apply(shard)));
            object.put("encodingFormat", set.getValue())
                    .put("includes", set.getKey().equals("photos") ? "*.jpg" : "*.cls");
        }
    }

    private static void file(ArrayNode files, String id, String url, String format, String sha256) {
        files.addObject()
                .put("@type", "cr:FileObject")
                .put("@id", id)
                .put("contentUrl", url)
                .put("encodingFormat", format)
                .put("sha256", sha256);
    }

    private static void table(ArrayNode records) {
        ObjectNode samples = record(records, "samples", "A row for each photo, without the photo.");
        ArrayNode fields = samples.putArray("field");
        for (ParquetFile.Column column : SampleTable.COLUMNS) {
            String type =
                    switch (column.kind()) {
                        case TEXT -> "sc:Text";
                        case INTEGER -> "sc:Integer";
                        case NUMBER -> "sc:Float";
                        case TIME -> "sc:DateTime";
                    };
            column(fields, "samples", "table", column.name(), type);
        }
    }

    private static void shards(ArrayNode records) {
        ObjectNode shards = record(records, "shards", "The shards, as index.csv has them.");
        ArrayNode fields = shards.putArray("field");
        for (String column : List.of("path", "sha256")) {
            column(fields, "shards", "index", column, "sc:Text");
        }
        for (String column : List.of("bytes", "samples", "negative", "neutral", "positive")) {
            column(fields, "shards", "index", column, "sc:Integer");
        }
    }

    private static void column(ArrayNode fields, String set, String file, String column, String type) {
        ObjectNode source = field(fields, set + "/" + column, type).putObject("source");
        source.putObject("fileObject").put("@id", file);
        source.putObject("extract").put("column", column);
    }

    private static void samples(ArrayNode records, Version version) {
        ObjectNode classes = record(records, "classes", "The classes by their numbers.");
        classes.putArray("key").addObject().put("@id", "classes/number");
        ArrayNode ofClasses = classes.putArray("field");
        field(ofClasses, "classes/number", "sc:Integer");
        field(ofClasses, "classes/name", "sc:Text");
        ArrayNode data = classes.putArray("data");
        for (Sentiment label : Sentiment.values()) {
            data.addObject()
                    .put("classes/number", data.size() - 1)
                    .put("classes/name", label.name().toLowerCase(Locale.ROOT));
        }
        // Two sets with one key and not one: mlcroissant 1.1 cannot join files of one tar.
        ofFiles(
                records,
                "photos",
                "%d photos by their keys.".formatted(version.samples()),
                "photo",
                "sc:ImageObject",
                "jpg");
        ofFiles(
                records,
                "labels",
                "The number of the class of each photo, by the same keys.",
                "class",
                "sc:Integer",
                "cls");
    }

    private static void ofFiles(
            ArrayNode records, String name, String description, String content, String type, String extension) {
        ObjectNode set = record(records, name, description);
        set.putObject("key").put("@id", name + "/key");
        ArrayNode fields = set.putArray("field");
        ofFile(field(fields, name + "/key", "sc:Text"), name, "filename")
                .putObject("transform")
                .put("regex", "(.+)\\." + extension);
        ofFile(field(fields, name + "/" + content, type), name, "content");
    }

    private static ObjectNode ofFile(ObjectNode field, String set, String property) {
        ObjectNode source = field.putObject("source");
        source.putObject("fileSet").put("@id", set + "-files");
        source.putObject("extract").put("fileProperty", property);
        return source;
    }

    private static ObjectNode record(ArrayNode records, String name, String description) {
        return records.addObject().put("@type", "cr:RecordSet").put("@id", name).put("description", description);
    }

    private static ObjectNode field(ArrayNode fields, String id, String type) {
        return fields.addObject().put("@type", "cr:Field").put("@id", id).put("dataType", type);
    }
}
