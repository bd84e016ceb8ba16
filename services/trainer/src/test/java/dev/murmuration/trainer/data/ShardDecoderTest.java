package dev.murmuration.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.trainer.run.DrawnSamples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardDecoderTest {

    private static final ShardReference SHARD = new ShardReference("shards/flat/train/0-0-x.tar", "x");
    private static final byte[] JSON =
            "{\"scores\":{\"negative\":0.1,\"neutral\":0.2,\"positive\":0.7}}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void readsSamplesInTheirOrder() throws IOException {
        ShardDecoder.Contents contents = read(DrawnSamples.shard("a", 300));

        assertThat(contents.samples()).hasSize(300);
        assertThat(contents.odd()).isEmpty();
        for (int i = 0; i < 300; i++) {
            Sample sample = contents.samples().get(i);
            assertThat(sample.index()).isEqualTo(i);
            assertThat(sample.label()).isEqualTo(i % 3);
            assertThat(sample.scores()).containsExactly(DrawnSamples.scores(i % 3));
        }
        assertThat(contents.samples().get(299).pixels())
                .isEqualTo(DrawnSamples.PIXELS.squash(DrawnSamples.jpeg(299 % 3, "a".hashCode() + 299)));
    }

    @Test
    void readsOnlyWhatIsWanted() throws IOException {
        ShardDecoder.Contents contents =
                reader().read(file(DrawnSamples.shard("a", 9)), SHARD, i -> i == 2 || i == 7, key -> false);

        assertThat(contents.samples()).extracting(Sample::index).containsExactly(2, 7);
    }

    @Test
    void leavesOutDeletedTweetsAndKeepsThePlacesOfOthers() throws IOException {
        ShardDecoder.Contents contents =
                reader().read(file(DrawnSamples.shard("a", 4)), SHARD, i -> true, key -> key.endsWith("-1"));

        assertThat(contents.samples()).extracting(Sample::index).containsExactly(0, 2, 3);
        assertThat(contents.redacted()).isEqualTo(1);
    }

    @Test
    void namesWhatCannotBeUsedAndGoesOn() throws IOException {
        byte[] photo = DrawnSamples.jpeg(0, 1);
        byte[] one = "1".getBytes(StandardCharsets.US_ASCII);
        byte[] tar = DrawnSamples.tar(
                List.of(
                        "cut-0.jpg",
                        "cut-0.json",
                        "cut-0.cls", // a photo that ends too early
                        "bare-0.jpg", // without its companions
                        "class-0.jpg",
                        "class-0.json",
                        "class-0.cls",
                        "text-0.jpg",
                        "text-0.json",
                        "text-0.cls",
                        "none-0.jpg",
                        "none-0.json",
                        "none-0.cls",
                        "good-0.jpg",
                        "good-0.json",
                        "good-0.cls"),
                List.of(
                        Arrays.copyOf(photo, 100),
                        JSON,
                        one,
                        photo,
                        photo,
                        JSON,
                        "3".getBytes(StandardCharsets.US_ASCII),
                        photo,
                        "{".getBytes(StandardCharsets.US_ASCII),
                        one,
                        photo,
                        "{\"scores\":{\"negative\":2}}".getBytes(StandardCharsets.US_ASCII),
                        one,
                        photo,
                        JSON,
                        one));

        ShardDecoder.Contents contents = read(tar);

        assertThat(contents.samples()).extracting(Sample::index).containsExactly(5);
        assertThat(contents.odd()).hasSize(5);
        assertThat(contents.odd().get(0)).startsWith("cut-0: cut short: JPEG ends after 100 bytes");
        assertThat(contents.odd().get(1)).startsWith("bare-0: has only [jpg]");
        assertThat(contents.odd().get(2)).isEqualTo("class-0: .cls is not a class");
        assertThat(contents.odd().get(3)).isEqualTo("text-0: .json is not JSON");
        assertThat(contents.odd().get(4)).isEqualTo("none-0: .json has no scores");
    }

    @Test
    void refusesMoreThanTheLimits() throws IOException {
        Path tar = file(DrawnSamples.shard("a", 5));

        assertThat(new ShardDecoder(DrawnSamples.PIXELS, 16, 10_000, 5)
                        .read(tar, SHARD, i -> true, k -> false)
                        .samples())
                .hasSize(5);
        assertThatThrownBy(() ->
                        new ShardDecoder(DrawnSamples.PIXELS, 16, 10_000, 4).read(tar, SHARD, i -> true, k -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 4 samples");
        assertThatThrownBy(
                        () -> new ShardDecoder(DrawnSamples.PIXELS, 16, 100, 5).read(tar, SHARD, i -> true, k -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 100");
    }

    @Test
    void refusesATarThatIsCut() throws IOException {
        byte[] whole = DrawnSamples.shard("a", 5);

        assertThatThrownBy(() -> read(Arrays.copyOf(whole, 900))).isInstanceOf(IOException.class);
    }

    private ShardDecoder.Contents read(byte[] tar) throws IOException {
        return reader().read(file(tar), SHARD, i -> true, key -> false);
    }

    private static ShardDecoder reader() {
        return new ShardDecoder(DrawnSamples.PIXELS, 16, 1 << 20, 1000);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("shard.tar"), bytes);
    }
}
