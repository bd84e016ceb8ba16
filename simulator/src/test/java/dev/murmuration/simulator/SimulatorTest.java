package dev.murmuration.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.simulator.World.Space;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    private static final Path TWEETS =
            Path.of(System.getProperty("murmuration.root", ".."), "../shared/data/tweet-sentiment/train.tsv");
    private static final World WORLD = new World(42, 192, 0.85, 0.2, List.of(0.34, 0.32, 0.34));

    @Test
    void photosAreTheSameBytesEveryTime() {
        PhotoRenderer photos = new PhotoRenderer(WORLD);

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

    /**
     * Learnable: the nearest class mean of tiny thumbnails tells moods far better than chance. Not trivial: it is far from always right.
     */
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
        byte[] bytes = new PhotoRenderer(WORLD).photo(space, n, 0);
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

    @Test
    void readsAnAddressAsItWasWritten() {
        SimulatedPhoto photo = new SimulatedPhoto(SimulatedPhoto.Kind.COPY, 12, 3);

        assertThat(photo.url()).isEqualTo("simulator:copy/12/3");
        assertThat(SimulatedPhoto.parse(photo.url())).contains(photo);
        assertThat(SimulatedPhoto.parse("https://example.com/1.jpg")).isEmpty();
    }
}
