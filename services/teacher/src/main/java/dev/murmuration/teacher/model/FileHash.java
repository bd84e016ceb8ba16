package dev.murmuration.teacher.model;

import dev.murmuration.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two hashes by which a hub names its files: SHA-256 of large ones, git's SHA-1 of small ones. */
final class FileHash {

    private static final String SHA256 = "[0-9a-f]{64}";
    private static final String GIT = "[0-9a-f]{40}";

    private FileHash() {}

    /** The first of these ETags that is one of the two hashes. */
    static @Nullable String in(List<String> tags) {
        return tags.stream()
                .map(tag -> tag.replaceAll("^(W/)?\"|\"$", ""))
                .filter(tag -> tag.matches(SHA256) || tag.matches(GIT))
                .findFirst()
                .orElse(null);
    }

    /** The file's hash of the same kind as this one. */
    static String like(String hash, Path file) throws IOException {
        return hash.matches(SHA256) ? Sha256.hex(file) : gitHash(file);
    }

    private static String gitHash(Path file) throws IOException {
        MessageDigest digest = sha1();
        digest.update("blob %d\0".formatted(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
