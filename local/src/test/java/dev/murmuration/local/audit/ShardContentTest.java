package dev.murmuration.local.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class ShardContentTest {

    @Test
    void readsKeysClassesLengthAndHash() throws Exception {
        byte[] tar = tar("a-0", "2", "b-1", "0", "c-0", "2");

        assertThat(ShardContent.of(Optional.of(new ByteArrayInputStream(tar))))
                .isEqualTo(new ShardContent.Found(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(tar)),
                        tar.length,
                        List.of("a-0", "b-1", "c-0"),
                        Map.of(2, 2L, 0, 1L)));
    }

    @Test
    void saysWhenTheBytesAreCutOff() throws Exception {
        byte[] tar = tar("a-0", "2");

        assertThat(ShardContent.of(Optional.of(new ByteArrayInputStream(Arrays.copyOf(tar, 700)))))
                .isInstanceOf(ShardContent.Unreadable.class);
    }

    @Test
    void saysWhenThereIsNoObject() throws Exception {
        assertThat(ShardContent.of(Optional.empty())).isEqualTo(new ShardContent.Missing());
    }

    static byte[] tar(String... keysAndClasses) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < keysAndClasses.length; i += 2) {
                entry(tar, keysAndClasses[i] + ".jpg", "x".repeat(5000));
                entry(tar, keysAndClasses[i] + ".json", "{}");
                entry(tar, keysAndClasses[i] + ".cls", keysAndClasses[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    private static void entry(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
