package dev.murmuration.filter.version;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.version.ParquetFile.Column;
import dev.murmuration.filter.version.ParquetFile.Kind;
import dev.murmuration.schemas.Shard;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.ShardReader;
import dev.murmuration.shard.ShardSample;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table of all samples of an export, {@code samples.parquet}: what is in their JSON but text and address, and the shard that
 * each is in, so that a question about the data set reads no shard. Samples that have to be skipped are not in it.
 */
public final class SampleTable implements Closeable {

    /** Its file. */
    public static final String FILE = "samples.parquet";

    /** Its columns with the types that Croissant has for them. */
    static final List<Column> COLUMNS = List.of(
            new Column("shard", Kind.TEXT),
            new Column("key", Kind.TEXT),
            new Column("split", Kind.TEXT),
            new Column("label", Kind.TEXT),
            new Column("class", Kind.INTEGER),
            new Column("negative", Kind.NUMBER),
            new Column("neutral", Kind.NUMBER),
            new Column("positive", Kind.NUMBER),
            new Column("teacher", Kind.TEXT),
            new Column("tweet_id", Kind.TEXT),
            new Column("image_index", Kind.INTEGER),
            new Column("source", Kind.TEXT),
            new Column("license", Kind.TEXT),
            new Column("created_at", Kind.TIME),
            new Column("sha256", Kind.TEXT),
            new Column("width", Kind.INTEGER),
            new Column("height", Kind.INTEGER),
            new Column("pdq", Kind.TEXT),
            new Column("pdq_quality", Kind.INTEGER));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ParquetFile file;
    private final Redactions redactions;

    /** Begins the table in this folder. */
    public SampleTable(Path folder, Redactions redactions) throws IOException {
        this.redactions = redactions;
        this.file = new ParquetFile(folder.resolve(FILE), COLUMNS);
    }

    /**
     * Adds the samples of a shard, a row group.
     *
     * @param path of the shard in the export
     * @param tar its file
     * @throws IOException if a sample does not say what it is
     */
    public void add(Shard shard, String path, Path tar) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (ShardReader reader = ShardReader.open(tar, Pipeline.SHARD_LIMITS)) {
            for (Optional<ShardSample> sample = reader.next(); sample.isPresent(); sample = reader.next()) {
                if (!redactions.contains(sample.get().key())) {
                    rows.add(row(shard, path, sample.get()));
                }
            }
        }
        file.write(rows);
    }

    private static List<Object> row(Shard shard, String path, ShardSample sample) throws IOException {
        JsonNode json = JSON.readTree(sample.description().orElse(new byte[0]));
        try {
            JsonNode scores = json.path("scores");
            JsonNode teacher = json.path("teacher");
            return List.of(
                    path,
                    sample.key(),
                    shard.getSplit().name(),
                    json.path("label").asText(),
                    Integer.parseInt(new String(sample.label().orElse(new byte[0]), US_ASCII).strip()),
                    scores.path("negative").asDouble(),
                    scores.path("neutral").asDouble(),
                    scores.path("positive").asDouble(),
                    teacher.path("name").asText() + "@"
                            + teacher.path("version").asText(),
                    json.path("tweetId").asText(),
                    json.path("imageIndex").asInt(),
                    json.path("source").asText(),
                    json.path("license").asText(),
                    Instant.parse(json.path("createdAt").asText()).toEpochMilli(),
                    json.path("sha256").asText(),
                    json.path("width").asInt(),
                    json.path("height").asInt(),
                    json.path("pdq").asText(),
                    json.path("pdqQuality").asInt());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("the sample %s of %s does not say what it is".formatted(sample.key(), path), e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
