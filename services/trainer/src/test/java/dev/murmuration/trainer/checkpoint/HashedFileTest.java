package dev.murmuration.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashedFileTest {

    private static final int BLOCK = 1 << 22;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7})
    void holdsAndHashesWhatWasWrittenInPiecesOfAnySize(int length) throws IOException {
        Random random = new Random(length);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        Path path = folder.resolve("file");

        HashedFile file = new HashedFile(path);
        try (file) {
            for (int from = 0; from < length; ) {
                int count = Math.min(length - from, random.nextInt(1, BLOCK * 2));
                file.write(bytes, from, count);
                from += count;
            }
        }

        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
        assertThat(file.sha256()).isEqualTo(Sha256.hex(bytes));
    }
}
