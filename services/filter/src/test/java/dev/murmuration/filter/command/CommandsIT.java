package dev.murmuration.filter.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.shard.Shards;
import dev.murmuration.filter.version.Manifest;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.SampleKey;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.text.Csv;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the real platform, with shards that the packer's own code sealed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CommandsIT {

    private static final SmallRyeConfig CONFIG = config();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Pipeline pipeline = new Pipeline(CONFIG);
    private final ObjectStore store = pipeline.store();

    private static SmallRyeConfig config() {
        return Pipeline.with(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(TestPlatform.settings().forServices(), "platform", 100)));
    }

    @BeforeEach
    void emptiesTheTopics() {
        TestPlatform.recreateTopics();
    }

    @AfterEach
    void closes() {
        pipeline.close();
    }

    @Test
    void listsDataSetsVersionsAndWhatABalancedOneWaitsFor() {
        shard("bal", Split.train, 0, "a", 3, 2, 3);
        shard("bal", Split.val, 0, "b", 1, 0, 0);
        shard("flat", Split.train, 0, "c", 1, 1, 4);

        assertThat(run("datasets")).isZero();

        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .anySatisfy(line -> assertThat(line).startsWith("train 3 2 3 8 1 "))
                .anySatisfy(line -> assertThat(line).matches("bal \\d+ all 4 2 3 9 2 [\\d,]+"))
                .anySatisfy(line -> assertThat(line).matches("flat \\d+ all 1 1 4 6 1 [\\d,]+"))
                .contains("limited by neutral: the other classes wait, within 1 of it");

        out.getBuffer().setLength(0);
        assertThat(run("datasets", "bal")).isZero();
        assertThat(out.toString().lines()).hasSize(3);
    }

    @Test
    void exportsAFrozenVersionWithChecksums() throws Exception {
        Shard first = shard("e", Split.train, 0, "a", 2, 1, 1);
        shard("e", Split.test, 4, "b", 1, 1, 1);
        long version;
        try (Pipeline other = new Pipeline(CONFIG)) {
            version = Manifest.of(other).versions("e").getFirst().number();
        }
        redact("e-a-negative-0");

        assertThat(run(
                        "datasets",
                        "export",
                        "e",
                        folder.resolve("x").toString(),
                        "--version",
                        Long.toString(version),
                        "--shards"))
                .isZero();

        Path file = folder.resolve("x/train")
                .resolve(first.getKey().substring(first.getKey().lastIndexOf('/') + 1));
        assertThat(Sha256.hex(file)).isEqualTo(first.getSha256());
        assertThat(Files.readAllLines(folder.resolve("x/SHA256SUMS")))
                .containsExactly(first.getSha256() + "  train/" + file.getFileName());
        assertThat(Files.readAllLines(folder.resolve("x/index.csv")))
                .hasSize(2)
                .last()
                .asString()
                .contains(first.getKey(), ",4,2,1,1,");
        assertThat(Files.readAllLines(folder.resolve("x/redactions.txt")))
                .contains(SampleKey.tweetHash("e-a-negative-0"));
        assertThat(Files.readString(folder.resolve("x/README.md")))
                .contains(
                        "# e, version " + version,
                        "| train | 2 | 1 | 1 |",
                        "- Teacher: test, version 0123456789abcdef.")
                .doesNotContain("test/*.tar");

        try (ParquetFileReader table = ParquetFileReader.open(InputFile.of(folder.resolve("x/samples.parquet")));
                RowReader rows = table.rowReader()) {
            List<String> ids = new ArrayList<>();
            while (rows.hasNext()) {
                rows.next();
                ids.add(rows.getString("tweet_id"));
                assertThat(rows.getString("shard")).isEqualTo("train/" + file.getFileName());
                assertThat(rows.getString("key")).startsWith(SampleKey.tweetHash(rows.getString("tweet_id")));
                assertThat(List.of("negative", "neutral", "positive").get(rows.getInt("class")))
                        .isEqualTo(rows.getString("label"));
            }
            assertThat(ids).hasSize(3).doesNotContain("e-a-negative-0").contains("e-a-negative-1");
        }

        assertThat(run("datasets", "export", "e", folder.resolve("x").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is not empty");
    }

    @Test
    void signsWhatItExportsAndVerifiesIt() throws Exception {
        Shard shard = shard("s", Split.train, 0, "a", 2, 1, 1);
        Path key = folder.resolve("key.pem");
        Path export = folder.resolve("x");
        assertThat(run("signing-key", key.toString())).isZero();
        assertThat(run("datasets", "export", "s", export.toString(), "--shards", "--sign", key.toString()))
                .isZero();
        // Fetched again before each use, as it has to be.
        Files.writeString(export.resolve("redactions.txt"), "0123456789abcdef");

        assertThat(run("verify", export.toString(), "--key", key + ".pub")).isZero();

        Path file = export.resolve("train")
                .resolve(shard.getKey().substring(shard.getKey().lastIndexOf('/') + 1));
        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        out.getBuffer().setLength(0);
        assertThat(run("verify", export.toString(), "--key", key + ".pub")).isEqualTo(1);
        assertThat(out.toString()).contains("train/" + file.getFileName() + ": has changed");
        assertThat(run("signing-key", key.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is there already");
    }

    @Test
    void theKeyOfTheSettingsSignsAndVerifiesUnlessAnotherIsNamed() throws Exception {
        shard("k", Split.train, 0, "a", 1, 1, 1);
        Path key = folder.resolve("own.pem");
        assertThat(run("signing-key", key.toString())).isZero();
        SmallRyeConfig own = Pipeline.with(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withDefaultValue("filter.signing-key", key.toString())
                .withSources(new PropertiesConfigSource(TestPlatform.settings().forServices(), "platform", 100)));
        String export = folder.resolve("x").toString();

        assertThat(Commands.run(own, new PrintWriter(out), new PrintWriter(err), "datasets", "export", "k", export))
                .isZero();
        assertThat(out.toString()).endsWith(", indexed, signed\n");
        assertThat(Commands.run(own, new PrintWriter(out), new PrintWriter(err), "verify", export))
                .isZero();
        assertThat(run("verify", export)).isEqualTo(1);
        assertThat(err.toString()).contains("--key FILE is needed");
        String unsigned = folder.resolve("y").toString();
        assertThat(Commands.run(
                        own,
                        new PrintWriter(out),
                        new PrintWriter(err),
                        "datasets",
                        "export",
                        "k",
                        unsigned,
                        "--unsigned"))
                .isZero();
        assertThat(folder.resolve("y/model.sig")).doesNotExist();
    }

    @Test
    void describesWhatItExportsAsCroissant() throws Exception {
        Shard shard = shard("c", Split.train, 0, "a", 2, 1, 1);
        Path export = folder.resolve("x");
        assertThat(run("datasets", "export", "c", export.toString(), "--shards"))
                .isZero();

        JsonNode croissant =
                new ObjectMapper().readTree(export.resolve("croissant.json").toFile());

        assertThat(croissant.path("conformsTo").asText()).isEqualTo("http://mlcommons.org/croissant/1.1");
        assertThat(croissant.path("distribution").findValuesAsText("sha256"))
                .containsExactly(
                        Sha256.hex(export.resolve("index.csv")),
                        shard.getSha256(),
                        Sha256.hex(export.resolve("samples.parquet")));
        assertThat(croissant.path("recordSet").findValuesAsText("description")).contains("4 photos by their keys.");
    }

    @Test
    void exportsNothingWhereAShardIsMissing() {
        Shard gone = shard("g", Split.train, 0, "a", 1, 0, 0);
        store.delete(gone.getKey());

        assertThat(run("datasets", "export", "g", folder.resolve("x").toString()))
                .isEqualTo(1);

        assertThat(err.toString()).contains(gone.getKey() + " is missing in the object store");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void drawsASheetWithoutFormulasAndControlCharactersOfStrangers() throws Exception {
        List<LabelledImage> samples = Stream.of(
                        "=cmd|'/C calc'!A0", "@SUM(1)", "\t=1", "a\u001b]0;x\u0007\u001b[2J", "\u202e=1", "\u009b31m")
                .map(text -> LabelledImage.newBuilder(
                                Shards.labelled("f" + text.length() + text.hashCode(), 0, Sentiment.neutral, text))
                        .setText(text)
                        .build())
                .toList();
        seal("f", Split.train, 0, samples);

        assertThat(run("datasets", "sample", "f", folder.resolve("x").toString(), "-n", "9"))
                .isZero();

        String csv = Files.readString(folder.resolve("x/sheet.csv"));
        assertThat(csv.lines().skip(1)).hasSize(6);
        // As a spreadsheet has the cell, without its quotes.
        assertThat(csv.lines().skip(1).map(line -> line.split(",", -1)[3].replace("\"", "")))
                .noneMatch(cell -> cell.matches("[=+@\\-\\s].*"))
                .contains("'=cmd|'/C calc'!A0", "'@SUM(1)");
        assertThat(csv + Files.readString(folder.resolve("x/sheet.html")) + out)
                .doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e]");
    }

    @Test
    void drawsASheetAndComputesThePrecisionFromIt() throws Exception {
        shard("s", Split.train, 0, "a", 4, 2, 2);
        shard("s", Split.val, 8, "b", 4, 2, 2);
        redact("s-a-neutral-0");

        assertThat(run("datasets", "sample", "s", folder.resolve("x").toString(), "-n", "4"))
                .isZero();

        List<List<String>> rows = Csv.parse(Files.readString(folder.resolve("x/sheet.csv")));
        List<List<String>> labels = Csv.parse(Files.readString(folder.resolve("x/labels.csv")));
        assertThat(labels.subList(1, labels.size()))
                .extracting(row -> row.get(1))
                .containsOnly("negative", "neutral", "positive")
                .filteredOn("negative"::equals)
                .hasSize(4);
        // The judge sees neither label nor scores.
        assertThat(rows.getFirst()).containsExactly("key", "photo", "split", "text", "verdict");
        assertThat(Files.readString(folder.resolve("x/sheet.html"))).doesNotContain("0.9", "<b>");
        // All four neutral ones are drawn, and one of them was deleted.
        assertThat(rows).hasSize(1 + 4 + 3 + 4);
        for (List<String> row : rows.subList(1, rows.size())) {
            assertThat(Files.readString(folder.resolve("x").resolve(row.get(1))))
                    .startsWith("photo of s-");
            assertThat(row.get(3)).startsWith("\"text\", <b> & of␊s-");
        }
        assertThat(Files.readString(folder.resolve("x/sheet.html")))
                .contains("&lt;b&gt; &amp; of")
                .doesNotContain("<b> & of");

        List<String> filled = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<String> cells = new ArrayList<>(rows.get(i));
            if (i > 0) {
                // The person sees positive everywhere but in what is labelled negative.
                cells.set(4, labels.get(i).get(1).equals("negative") ? "negative" : "positive");
            }
            filled.add(Csv.row(cells.toArray()));
        }
        Path sheet = Files.write(folder.resolve("x/filled.csv"), filled);
        out.getBuffer().setLength(0);
        assertThat(run("datasets", "precision", sheet.toString())).isZero();
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .anySatisfy(line -> assertThat(line).startsWith("negative 4 4 1.0000 "))
                .anySatisfy(line -> assertThat(line).startsWith("neutral 3 0 0.0000 "))
                .anySatisfy(line -> assertThat(line).startsWith("all 11 8 0.7500 "));
    }

    @Test
    void countsRejectionsByStageAndReasonWithExamples() {
        for (int i = 0; i < 5; i++) {
            rejection("t" + i, i == 0 ? null : i, "filter", "unsure");
        }
        rejection("u", 0, "shards", "image-missing");

        assertThat(run("rejections", "--examples", "2")).isZero();
        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("filter unsure 5", "shards image-missing 1", "u photo 0: detail of u", "all 6")
                .hasSize(6);

        out.getBuffer().setLength(0);
        assertThat(run("rejections", "--stage", "shards")).isZero();
        assertThat(out.toString()).contains("image-missing").doesNotContain("unsure");
        assertThat(run("rejections", "--reason", "bogus")).isEqualTo(1);
        assertThat(err.toString())
                .contains("nothing was refused so; the stages and reasons are: filter unsure, shards image-missing");
    }

    @Test
    void putsEachDeadLetterBackOnceWhereItWasRead() {
        byte[] value = {0, 1, 2, 3, 4, 5};
        letter("k", value, "scored-tweets", 1, "schema id 7 is not in the registry");
        letter("large", new byte[0], "scored-tweets", 0, "its 9 bytes are left out");

        assertThat(run("replay-dead-letters", "filter", "--dry-run")).isZero();
        assertThat(records("scored-tweets")).isEmpty();

        assertThat(run("replay-dead-letters", "filter")).isZero();
        assertThat(run("replay-dead-letters", "filter")).isZero();

        assertThat(out.toString()).contains("1 letters put back", "left, since", "0 letters put back");
        assertThat(records("scored-tweets")).singleElement().satisfies(record -> {
            assertThat(record.partition()).isEqualTo(1);
            assertThat(record.key()).isEqualTo("k".getBytes(UTF_8));
            assertThat(record.value()).isEqualTo(value);
            assertThat(record.headers().lastHeader(DeadLetter.REASON)).isNull();
            assertThat(DeadLetter.replayedFrom(record.headers())).contains("filter");
        });

        letter("k2", value, "scored-tweets", 0, "again");
        assertThat(run("replay-dead-letters", "filter")).isZero();
        assertThat(records("scored-tweets")).hasSize(2);
        assertThat(run("replay-dead-letters", "flter")).isEqualTo(1);
    }

    @Test
    void redactsWhatAuthorsDeletedFromShardsAndStore() throws Exception {
        LabelledImage stays = Shards.labelled("r-stays", 0, Sentiment.positive, "photo s");
        LabelledImage goes = Shards.labelled("r-goes", 0, Sentiment.positive, "photo g");
        LabelledImage goesToo = Shards.labelled("r-goes", 1, Sentiment.negative, "photo h");
        Shard flat = seal("r-flat", Split.train, 0, List.of(goes, stays, goesToo));
        Shard other = seal("r-other", Split.train, 0, List.of(goes));
        Shard untouched =
                seal("r-flat", Split.train, 3, List.of(Shards.labelled("r-else", 0, Sentiment.neutral, "photo s")));
        for (LabelledImage labelled : List.of(stays, goes, goesToo)) {
            store.put(labelled.getImage().getKey(), new byte[] {1}, "image/jpeg");
        }
        tweet("r-stays", stays);
        tweet("r-goes", goes, goesToo);
        send(Topics.TWEETS.name(), 0, "r-goes", null);
        redact("r-goes");

        assertThat(run("redact", "--dry-run", "--older-than", "PT0S")).isZero();
        assertThat(out.toString()).contains("3 samples would be taken out of 2 shards of 3");
        assertThat(store.exists(flat.getKey())).isTrue();
        assertThat(run("redact", "--older-than", "PT0S")).isZero();

        List<Shard> now =
                Manifest.of(pipeline).version("r-flat", Long.MAX_VALUE).shards().toList();
        assertThat(now).hasSize(2);
        assertThat(now.get(1)).isEqualTo(untouched);
        Shard rewritten = now.getFirst();
        assertThat(rewritten.getSamples()).isEqualTo(1);
        assertThat(rewritten.getPerClass().getPositive()).isEqualTo(1);
        assertThat(rewritten.getPerClass().getNegative()).isZero();
        // Bit for bit what the packer would have made of the sample that stays.
        assertThat(rewritten.getSha256())
                .isEqualTo(seal("r-flat", Split.train, 0, List.of(stays)).getSha256());
        assertThat(store.get(rewritten.getKey(), rewritten.getSha256())).isInstanceOf(Fetched.Found.class);
        assertThat(store.exists(flat.getKey())).isFalse();
        assertThat(store.exists(other.getKey())).isFalse();
        assertThat(store.exists(stays.getImage().getKey())).isTrue();
        assertThat(store.exists(goes.getImage().getKey())).isFalse();
        assertThat(store.exists(goesToo.getImage().getKey())).isFalse();
        assertThat(rejections()).containsExactlyInAnyOrder("r-goes/0 shards deleted", "r-goes/1 shards deleted");

        out.getBuffer().setLength(0);
        assertThat(run("redact")).isZero();
        assertThat(out.toString()).contains("0 samples were taken out of 0 shards of 3");
        assertThat(rejections()).hasSize(2);
    }

    @Test
    void redactsTheShardsOfARelabellingAndRefusesWhereItsLabelsAre() throws Exception {
        TopicNames soft = TopicNames.ofRelabelling("soft");
        makeTopic(soft.of(Topics.REJECTIONS));
        LabelledImage stays = Shards.labelled("q-stays", 0, Sentiment.positive, "photo s");
        LabelledImage goes = Shards.labelled("q-goes", 0, Sentiment.negative, "photo g");
        seal("q-flat", Split.train, 0, List.of(stays, goes));
        Shard relabelled = Shards.seal(store, "q-soft", Split.train, 0, List.of(goes, stays));
        ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(
                Topics.SHARDS.name(), "q-soft".getBytes(UTF_8), pipeline.encoded(Topics.SHARDS, relabelled));
        event.headers().add(TopicNames.HEADER, soft.prefix().getBytes(UTF_8));
        send(event);
        tweet("q-stays", stays);
        redact("q-goes");

        assertThat(run("redact")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("2 samples were taken out of 2 shards of 2");
        Manifest.Entry rewritten = Manifest.of(pipeline)
                .version("q-soft", Long.MAX_VALUE)
                .entries()
                .getLast();
        assertThat(rewritten.names()).isEqualTo(soft);
        assertThat(rewritten.replaces()).contains(relabelled.getKey());
        assertThat(rewritten.shard().getSha256())
                .isEqualTo(Shards.seal(store, "q-soft", Split.train, 0, List.of(stays))
                        .getSha256());
        assertThat(store.exists(relabelled.getKey())).isFalse();
        assertThat(rejections()).containsExactly("q-goes/0 shards deleted");
        assertThat(rejections(soft)).containsExactly("q-goes/0 shards deleted");
    }

    @Test
    void deletesNoPhotoWhereTheTweetsAreNotThere() {
        store.put("images/00/some.jpg", new byte[] {1}, "image/jpeg");

        assertThat(run("redact", "--older-than", "PT0S")).isEqualTo(1);

        assertThat(err.toString()).contains("is this the right broker?");
        assertThat(store.exists("images/00/some.jpg")).isTrue();
        store.delete("images/00/some.jpg");
    }

    @Test
    void saysInOneLineThatTheBrokerIsNotThere() {
        SmallRyeConfig nowhere = Pipeline.with(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Map.of("kafka.bootstrap.servers", "localhost:1", "progress.start-timeout", "1s"),
                        "nowhere",
                        100)));

        int code = Commands.run(nowhere, new PrintWriter(out), new PrintWriter(err, true), "datasets");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("Kafka at localhost:1").hasLineCount(1);
    }

    private int run(String... args) {
        return Commands.run(CONFIG, new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private Shard shard(
            String dataset, Split split, long firstOffset, String name, int negative, int neutral, int positive) {
        List<LabelledImage> samples = Stream.of(
                        Map.entry(Sentiment.negative, negative),
                        Map.entry(Sentiment.neutral, neutral),
                        Map.entry(Sentiment.positive, positive))
                .flatMap(count -> Stream.iterate(0, i -> i + 1)
                        .limit(count.getValue())
                        .map(i -> Shards.labelled(
                                "%s-%s-%s-%d".formatted(dataset, name, count.getKey(), i),
                                0,
                                count.getKey(),
                                name + i)))
                .toList();
        return seal(dataset, split, firstOffset, samples);
    }

    private Shard seal(String dataset, Split split, long firstOffset, List<LabelledImage> samples) {
        Shard shard = Shards.seal(store, dataset, split, firstOffset, samples);
        if (Manifest.of(pipeline).newest().values().stream()
                .noneMatch(version ->
                        version.shards().anyMatch(known -> known.getKey().equals(shard.getKey())))) {
            send(Topics.SHARDS.name(), 0, dataset, pipeline.encoded(Topics.SHARDS, shard));
        }
        return shard;
    }

    private void redact(String tweetId) {
        store.put(Redactions.objectKey(tweetId), new byte[] {'\n'}, "text/plain");
    }

    private void tweet(String id, LabelledImage... photos) {
        Tweet tweet = new Tweet(
                id,
                "recorded",
                "",
                "en",
                "text",
                Instant.EPOCH,
                Instant.EPOCH,
                Stream.of(photos).map(LabelledImage::getImage).toList(),
                "");
        send(Topics.TWEETS.name(), 0, id, pipeline.encoded(Topics.TWEETS, tweet));
    }

    private void rejection(String id, @Nullable Integer index, String stage, String reason) {
        Rejection rejection = new Rejection(id, index, stage, reason, "detail of " + id, Instant.EPOCH);
        send(Topics.REJECTIONS.name(), 0, id, pipeline.encoded(Topics.REJECTIONS, rejection));
    }

    private void letter(String key, byte[] value, String topic, int partition, String reason) {
        ConsumerRecord<byte[], byte[]> read = new ConsumerRecord<>(topic, partition, 3, key.getBytes(UTF_8), value);
        send(DeadLetter.of("filter", read, reason));
    }

    private void send(String topic, int partition, String key, byte @Nullable [] value) {
        send(new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value));
    }

    private static void send(ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            assertThat(producer.send(record)).succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        pipeline.read(topic, Map.of(), records::add);
        return records;
    }

    private static void makeTopic(String name) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(60, TimeUnit.SECONDS);
        }
    }

    private List<String> rejections() {
        return rejections(TopicNames.PLAIN);
    }

    private List<String> rejections(TopicNames names) {
        List<String> rejections = new ArrayList<>();
        try (EventReader<Rejection> reader = EventReader.of(
                RegistrySettings.apicurio(TestPlatform.settings().registryUrl()), Topics.REJECTIONS, Rejection.class)) {
            for (ConsumerRecord<byte[], byte[]> record : records(names.of(Topics.REJECTIONS))) {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Rejection>(Rejection r)) {
                    rejections.add(
                            "%s/%d %s %s".formatted(r.getTweetId(), r.getImageIndex(), r.getStage(), r.getReason()));
                }
            }
        }
        return rejections;
    }
}
