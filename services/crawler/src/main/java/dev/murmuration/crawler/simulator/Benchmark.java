package dev.murmuration.crawler.simulator;

import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.simulator.World.Space;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Photos of scenes that the stream never shows, labelled by the simulator's own truth: {@code index.csv} (path, class 0 to 2), {@code images/}, {@code hashes.csv}. */
public final class Benchmark {

    /** Path and class of every photo; written last, so that what has an index is whole. */
    public static final String INDEX = "index.csv";

    private static final int SHORTEST_SIDE = 32;

    private final World world;
    private final int photos;

    /** As many photos of this world. */
    public Benchmark(World world, int photos) {
        this.world = world;
        this.photos = photos;
    }

    /**
     * Draws it.
     *
     * @param file takes a path inside the benchmark and its bytes
     * @return how many photos it has
     * @throws InterruptedException if the thread was interrupted
     */
    public int write(BiConsumer<String, byte[]> file) throws InterruptedException {
        SimulatedPhotos source = new SimulatedPhotos(world);
        Inspection inspection = new Inspection(new InspectionLimits(Long.MAX_VALUE >>> 22, SHORTEST_SIDE), 1);
        StringBuilder index = new StringBuilder("path,class\n");
        StringBuilder hashes = new StringBuilder(PhotoHashes.HEADER);
        for (int i = 0; i < photos; i++) {
            byte[] bytes = source.photo(Space.BENCHMARK, i, 0);
            if (!(inspection.inspect(bytes) instanceof Photo photo)) {
                throw new IllegalStateException("the simulator drew something that is no photo");
            }
            String path = "images/%05d.%s".formatted(i, photo.extension());
            file.accept(path, bytes);
            index.append(path)
                    .append(',')
                    .append(world.mood(Space.BENCHMARK, i).label)
                    .append('\n');
            hashes.append(PhotoHashes.row(path, photo));
        }
        file.accept(PhotoHashes.FILE, hashes.toString().getBytes(StandardCharsets.UTF_8));
        file.accept(INDEX, index.toString().getBytes(StandardCharsets.UTF_8));
        return photos;
    }

    /** The media type of a path that {@link #write} gave out. */
    public static String mediaType(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "csv" -> "text/csv";
            case "png" -> "image/png";
            default -> "image/jpeg";
        };
    }
}
