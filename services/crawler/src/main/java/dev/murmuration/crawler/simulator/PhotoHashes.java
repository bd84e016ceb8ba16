package dev.murmuration.crawler.simulator;

import dev.murmuration.crawler.photo.Inspected;
import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.text.Csv;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** {@code hashes.csv} of a benchmark: by it the filter keeps the benchmark's photos out of the data sets. */
public final class PhotoHashes {

    /** Its name inside the benchmark. */
    static final String FILE = "hashes.csv";

    static final String HEADER = Csv.row("path", "sha256", "pdq", "pdqQuality") + "\n";

    private PhotoHashes() {}

    static String row(String path, Photo photo) {
        return Csv.row(path, photo.sha256(), HexFormat.of().formatHex(photo.pdq()), photo.pdqQuality()) + "\n";
    }

    /**
     * Writes the hashes of every photo that the folder's {@code index.csv} names.
     *
     * @return how many there are
     * @throws IOException if the index or a photo is missing
     * @throws InterruptedException if the thread was interrupted
     */
    public static int ofBenchmark(Path folder, Inspection inspection) throws IOException, InterruptedException {
        List<String> index = Files.readAllLines(folder.resolve(Benchmark.INDEX));
        StringBuilder hashes = new StringBuilder(HEADER);
        int column = index.isEmpty() ? -1 : Csv.cells(index.getFirst()).indexOf("path");
        if (column < 0) {
            throw new IOException("%s: no column path".formatted(folder.resolve(Benchmark.INDEX)));
        }
        int photos = 0;
        for (String line : index.subList(1, index.size())) {
            if (line.isBlank()) {
                continue;
            }
            List<String> cells = Csv.cells(line);
            if (cells.size() <= column) {
                throw new IOException("%s: no path in: %s".formatted(folder.resolve(Benchmark.INDEX), line));
            }
            String path = cells.get(column);
            photos++;
            byte[] bytes = Files.readAllBytes(folder.resolve(path));
            switch (inspection.inspect(bytes)) {
                case Photo photo -> hashes.append(row(path, photo));
                // No stream can show what nobody can decode, but for the very same bytes.
                case Inspected.Refused refused ->
                    hashes.append(Csv.row(path, Sha256.hex(bytes), "", "")).append('\n');
            }
        }
        Files.write(folder.resolve(FILE), hashes.toString().getBytes(StandardCharsets.UTF_8));
        return photos;
    }
}
