package dev.murmuration.crawler.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.simulator.World.Space;
import dev.murmuration.stage.ObjectStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    private static final Path TWEETS =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/tweet-sentiment/train.tsv");
    private static final World WORLD = new World(42, 192, 0.85, 0.2, List.of(0.34, 0.32, 0.34));

    @Test
    void theSameSeedGivesTheSameStreamFromAnyPosition() throws Exception {
        List<Delivery> all = read(new SimulatedFeed(WORLD, 200, 0), "");

        assertThat(all).hasSize(200);
        assertThat(read(new SimulatedFeed(WORLD, 200, 0), all.get(119).position()))
                .usingRecursiveComparison()
                .isEqualTo(all.subList(120, 200));
        assertThat(read(new SimulatedFeed(new World(43, 192, 0.85, 0.2, WORLD.mix()), 200, 0), ""))
                .isNotEqualTo(all);
    }

    @Test
    void refusesThePositionOfAnotherSeed() {
        assertThatThrownBy(() -> new SimulatedFeed(WORLD, 200, 0).after("43:7")).isInstanceOf(PositionException.class);
        assertThatThrownBy(() -> new SimulatedFeed(WORLD, 200, 0).after("x")).isInstanceOf(PositionException.class);
    }

    @Test
    void keepsItsPace() throws Exception {
        long start = System.nanoTime();

        read(new SimulatedFeed(WORLD, 50, 100), "");

        assertThat((System.nanoTime() - start) / 1e9).isGreaterThanOrEqualTo(0.49);
    }

    @Test
    void photosAreTheSameBytesEveryTime() {
        SimulatedPhotos photos = new SimulatedPhotos(WORLD);

        assertThat(photos.photo(Space.SCENES, 5, 1)).isEqualTo(photos.photo(Space.SCENES, 5, 1));
        assertThat(photos.photo(Space.SCENES, 5, 1)).isNotEqualTo(photos.photo(Space.SCENES, 5, 0));
    }

    @Test
    void moodsFollowTheMixAndTextsTheAgreement() {
        int[] moods = new int[3];
        for (long n = 0; n < 6000; n++) {
            moods[WORLD.mood(Space.SCENES, n).label]++;
        }

        assertThat(moods[0] / 6000.0).isEqualTo(0.34, within(0.02));
        assertThat(moods[1] / 6000.0).isEqualTo(0.32, within(0.02));
        assertThat(new World(1, 64, 1, 0, List.of(0.0, 1.0, 0.0)).mood(Space.SCENES, 3))
                .isEqualTo(Mood.NEUTRAL);
    }

    @Test
    void theBenchmarkShowsNothingOfTheStream() throws Exception {
        Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        int count = new Benchmark(WORLD, 40).write((path, bytes) -> {
            files.put(path, bytes);
            order.add(path);
        });
        Set<String> stream = new HashSet<>();
        SimulatedPhotos photos = new SimulatedPhotos(WORLD);
        for (long n = 0; n < 400; n++) {
            stream.add(ObjectStore.sha256(photos.photo(Space.SCENES, n, 0)));
        }

        assertThat(count).isEqualTo(40);
        assertThat(order.subList(40, 42)).containsExactly("hashes.csv", "index.csv");
        List<String> index = new String(files.get("index.csv"), UTF_8).lines().toList();
        assertThat(index).hasSize(41).startsWith("path,class");
        for (String row : index.subList(1, index.size())) {
            assertThat(row).matches("images/\\d{5}\\.(jpg|png),[012]");
            assertThat(stream)
                    .doesNotContain(ObjectStore.sha256(files.getOrDefault(row.split(",", -1)[0], new byte[0])));
        }
        assertThat(new String(files.get("hashes.csv"), UTF_8).lines().skip(1))
                .allMatch(row -> row.matches("images/.*,[0-9a-f]{64},[0-9a-f]{64},\\d+"));
    }

    @Test
    void theBenchmarkIsInItsOrderHoweverManyCoresDrawIt() throws Exception {
        Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        new Benchmark(WORLD, 33).write(files::put);
        SimulatedPhotos photos = new SimulatedPhotos(WORLD);
        StringBuilder index = new StringBuilder("path,class\n");
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < 33; i++) {
            String path = "images/%05d.%s".formatted(i, i % 16 == 7 ? "png" : "jpg");
            index.append("%s,%d%n".formatted(path, WORLD.mood(Space.BENCHMARK, i).label));
            hashes.add(path + "," + ObjectStore.sha256(photos.photo(Space.BENCHMARK, i, 0)));
        }

        assertThat(new String(files.get("index.csv"), UTF_8)).isEqualTo(index.toString());
        assertThat(new String(files.get("hashes.csv"), UTF_8).lines().skip(1))
                .zipSatisfy(hashes, (row, start) -> assertThat(row).startsWith(start + ","));
    }

    /** Learnable: the nearest class mean of tiny thumbnails tells moods far better than chance. Not trivial: it is far from always right. */
    @Test
    void theMoodShowsInThePictureButNotByItsColoursAlone() throws IOException {
        int samples = 900;
        double[][] means = new double[3][thumbnail(Space.SCENES, 0).length];
        int[] counts = new int[3];
        for (int n = 0; n < samples; n++) {
            int mood = WORLD.mood(Space.SCENES, n).label;
            double[] thumbnail = thumbnail(Space.SCENES, n);
            counts[mood]++;
            for (int i = 0; i < thumbnail.length; i++) {
                means[mood][i] += thumbnail[i];
            }
        }
        int right = 0;
        for (int n = 0; n < samples; n++) {
            double[] thumbnail = thumbnail(Space.BENCHMARK, n);
            int nearest = 0;
            double best = Double.MAX_VALUE;
            for (int mood = 0; mood < 3; mood++) {
                double distance = 0;
                for (int i = 0; i < thumbnail.length; i++) {
                    double difference = thumbnail[i] - means[mood][i] / counts[mood];
                    distance += difference * difference;
                }
                if (distance < best) {
                    best = distance;
                    nearest = mood;
                }
            }
            right += nearest == WORLD.mood(Space.BENCHMARK, n).label ? 1 : 0;
        }

        assertThat(right / (double) samples).isBetween(0.6, 0.93);
    }

    /** The texts say to somebody who learned from real tweets what they are meant to say. */
    @Test
    void aBayesianThatReadRealTweetsUnderstandsTheTexts() throws IOException {
        assumeTrue(Files.isReadable(TWEETS), "the labelled tweets are not here");
        NaiveBayes bayes = new NaiveBayes();
        try (var lines = Files.lines(TWEETS)) {
            lines.forEach(line -> bayes.learn(Integer.parseInt(line.substring(0, 1)), line.substring(2)));
        }
        int[] right = new int[3];
        for (int n = 0; n < 1500; n++) {
            Mood mood = Mood.of(n % 3);
            right[n % 3] += bayes.guess(Phrases.text(mood, WORLD.random(Space.TEXTS, n))) == n % 3 ? 1 : 0;
        }

        assertThat(right[0] / 500.0).as("negative").isGreaterThan(0.9);
        // News of concerts and markets sounds pleasant to it.
        assertThat(right[1] / 500.0).as("neutral").isGreaterThan(0.75);
        assertThat(right[2] / 500.0).as("positive").isGreaterThan(0.9);
    }

    @Test
    void textsVary() {
        Set<String> texts = new HashSet<>();
        for (int n = 0; n < 3000; n++) {
            texts.add(Phrases.text(Mood.of(n % 3), WORLD.random(Space.TEXTS, n)));
        }

        assertThat(texts.size()).isGreaterThan(2800);
    }

    private static double[] thumbnail(Space space, int n) throws IOException {
        byte[] bytes = new SimulatedPhotos(WORLD).photo(space, n, 0);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        int side = 6;
        double[] sums = new double[side * side * 3];
        int step = 3;
        for (int y = 0; y < image.getHeight(); y += step) {
            for (int x = 0; x < image.getWidth(); x += step) {
                int cell = (y * side / image.getHeight() * side + x * side / image.getWidth()) * 3;
                int rgb = image.getRGB(x, y);
                sums[cell] += rgb >> 16 & 0xFF;
                sums[cell + 1] += rgb >> 8 & 0xFF;
                sums[cell + 2] += rgb & 0xFF;
            }
        }
        double perCell = image.getWidth() * image.getHeight() / (double) (step * step * side * side);
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= perCell;
        }
        return sums;
    }

    private static List<Delivery> read(SimulatedFeed feed, String position) throws Exception {
        List<Delivery> all = new ArrayList<>();
        try (Deliveries deliveries = feed.after(position)) {
            for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                all.add(next.get());
            }
        }
        return all;
    }
}
