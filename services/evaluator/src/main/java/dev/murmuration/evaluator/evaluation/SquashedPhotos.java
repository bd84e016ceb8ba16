package dev.murmuration.evaluator.evaluation;

import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * A benchmark's photos, decoded and resized once, in a file: training reads each of them every epoch in another order, and they
 * may not fit into memory (FI at 384 pixels has 10 GB).
 */
public final class SquashedPhotos implements AutoCloseable {

    private final Pixels form;
    private final FileChannel file;
    private final BitSet there;
    private final List<BenchmarkPredictions.Odd> odd;

    private SquashedPhotos(Pixels form, FileChannel file, BitSet there, List<BenchmarkPredictions.Odd> odd) {
        this.form = form;
        this.file = file;
        this.there = there;
        this.odd = List.copyOf(odd);
    }

    /** Receives each photo, in the order of the index. */
    public interface Writer {
        /** The next photo, {@code (side, side, 3)}. */
        void photo(byte[] squashed);

        /** Skips the next photo, which is unreadable. */
        void odd(BenchmarkPredictions.Odd odd);
    }

    /** Stores what a source writes, in a file in the caller's folder. */
    public static SquashedPhotos in(Path folder, Pixels form, Consumer<Writer> source) throws IOException {
        FileChannel file = FileChannel.open(
                Files.createTempFile(folder, "photos-", ".rgb"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        BitSet there = new BitSet();
        List<BenchmarkPredictions.Odd> odd = new ArrayList<>();
        try {
            source.accept(new Writer() {
                private int row;

                @Override
                public void photo(byte[] squashed) {
                    write(file, ByteBuffer.wrap(squashed), (long) row * squashed.length);
                    there.set(row++);
                }

                @Override
                public void odd(BenchmarkPredictions.Odd one) {
                    odd.add(one);
                    row++;
                }
            });
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
        return new SquashedPhotos(form, file, there, odd);
    }

    /** Whether the photo of this row is readable. */
    public boolean has(int row) {
        return there.get(row);
    }

    /** The unreadable photos. */
    public List<BenchmarkPredictions.Odd> odd() {
        return odd;
    }

    /** The photos of these rows as input of a student. */
    BatchPixels pixels(List<Integer> rows) {
        return new BatchPixels.Bytes(rows.stream().map(this::photo).toList(), form);
    }

    private byte[] photo(int row) {
        ByteBuffer squashed = ByteBuffer.allocate(3 * form.side() * form.side());
        long at = (long) row * squashed.capacity();
        try {
            while (squashed.hasRemaining()) {
                if (file.read(squashed, at + squashed.position()) < 0) {
                    throw new IllegalArgumentException("no photo of row " + row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return squashed.array();
    }

    private static void write(FileChannel file, ByteBuffer bytes, long at) {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes, at + bytes.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
