package dev.murmuration.trainer.checkpoint;

import dev.murmuration.schemas.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** A file whose SHA-256 is computed on another core while it is written, block by block. */
final class HashedFile extends OutputStream {

    private static final int BLOCK = 1 << 22;

    private final OutputStream file;
    private final MessageDigest digest = Sha256.digest();
    private byte[] block = new byte[BLOCK];
    private int filled;
    private byte[] spare = new byte[BLOCK];
    private CompletableFuture<Void> hashing = CompletableFuture.completedFuture(null); // Of the spare block.

    HashedFile(Path path) throws IOException {
        this.file = Files.newOutputStream(path);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        for (int done = 0; done < count; ) {
            int piece = Math.min(count - done, BLOCK - filled);
            System.arraycopy(bytes, from + done, block, filled, piece);
            done += piece;
            filled += piece;
            if (filled == BLOCK) {
                pass();
            }
        }
    }

    private void pass() throws IOException {
        byte[] full = block;
        int length = filled;
        hashing.join();
        hashing = CompletableFuture.runAsync(() -> digest.update(full, 0, length));
        file.write(full, 0, length);
        block = spare;
        spare = full;
        filled = 0;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            pass();
        }
    }

    /** Hash of the content, in lower-case hexadecimal. To be called once, after closing. */
    String sha256() {
        hashing.join();
        return HexFormat.of().formatHex(digest.digest());
    }
}
