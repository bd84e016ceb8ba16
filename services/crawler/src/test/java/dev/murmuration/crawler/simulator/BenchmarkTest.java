package dev.murmuration.crawler.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Sha256;
import dev.murmuration.simulator.PhotoRenderer;
import dev.murmuration.simulator.SimulatedPhoto;
import dev.murmuration.simulator.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

class BenchmarkTest {

    private static final World WORLD = new World(42, 192, 0.85, 0.2, List.of(0.34, 0.32, 0.34));

    @Test
    void theBenchmarkShowsNothingOfTheStream() throws Exception {
        Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        int count = new Benchmark(WORLD, 40).write((path, bytes) -> {
            files.put(path, bytes);
            order.add(path);
        });
        Set<String> stream = new HashSet<>();
        PhotoRenderer photos = new PhotoRenderer(WORLD);
        for (long n = 0; n < 400; n++) {
            stream.add(Sha256.hex(photos.bytes(new SimulatedPhoto(SimulatedPhoto.Kind.PHOTO, n, 0))
                    .orElseThrow()));
        }

        assertThat(count).isEqualTo(40);
        assertThat(order.subList(40, 42)).containsExactly("hashes.csv", "index.csv");
        List<String> index = new String(files.get("index.csv"), UTF_8).lines().toList();
        assertThat(index).hasSize(41).startsWith("path,class");
        for (String row : index.subList(1, index.size())) {
            assertThat(row).matches("images/\\d{5}\\.(jpg|png),[012]");
            assertThat(stream).doesNotContain(Sha256.hex(files.getOrDefault(row.split(",", -1)[0], new byte[0])));
        }
        assertThat(new String(files.get("hashes.csv"), UTF_8).lines().skip(1))
                .allMatch(row -> row.matches("images/.*,[0-9a-f]{64},[0-9a-f]{64},\\d+"));
    }

    @Test
    void theBenchmarkIsInItsOrderHoweverManyCoresDrawIt() throws Exception {
        Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        new Benchmark(WORLD, 33).write(files::put);
        PhotoRenderer photos = new PhotoRenderer(WORLD);
        StringBuilder index = new StringBuilder("path,class\n");
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < 33; i++) {
            String path = "images/%05d.%s".formatted(i, i % 16 == 7 ? "png" : "jpg");
            index.append("%s,%d%n".formatted(path, WORLD.benchmarkLabel(i)));
            hashes.add(path + "," + Sha256.hex(photos.benchmarkPhoto(i)));
        }

        assertThat(new String(files.get("index.csv"), UTF_8)).isEqualTo(index.toString());
        assertThat(new String(files.get("hashes.csv"), UTF_8).lines().skip(1))
                .zipSatisfy(hashes, (row, start) -> assertThat(row).startsWith(start + ","));
    }
}
