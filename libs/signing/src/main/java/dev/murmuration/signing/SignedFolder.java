package dev.murmuration.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder and its signature, the file {@code model.sig} in it: an in-toto statement with the SHA-256 of each file, in a DSSE
 * envelope, in a Sigstore bundle without a log. That is OpenSSF model signing 1.0 (github.com/ossf/model-signing-spec), whose own
 * program {@code model_signing verify key} reads it.
 */
public final class SignedFolder {

    /** The file in the folder that is the signature. */
    public static final String SIGNATURE = "model.sig";

    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private static final String PAYLOAD = "application/vnd.in-toto+json";
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final ObjectMapper JSON = new ObjectMapper();

    private SignedFolder() {}

    /**
     * Signs every file of a folder.
     *
     * @param name what is signed
     * @param changing paths in the folder that may change afterwards and are not signed
     * @throws SignatureException if the folder holds what is neither a file nor a folder, a link for example
     */
    public static void sign(Path folder, String name, Set<String> changing, SigningKey key)
            throws IOException, SignatureException {
        Set<String> ignored = new HashSet<>(changing);
        ignored.add(SIGNATURE);
        Files.write(folder.resolve(SIGNATURE), signature(name, files(folder, ignored), ignored, key));
    }

    /**
     * The contents of the file {@value #SIGNATURE} for a folder that is not on disk, such as one in an archive.
     *
     * @param name what is signed
     * @param sha256 of each file by its path in the folder, lower-case hexadecimal
     * @throws SignatureException if the key cannot sign
     */
    public static byte[] signature(String name, Map<String, String> sha256, SigningKey key)
            throws IOException, SignatureException {
        return signature(name, new TreeMap<>(sha256), Set.of(SIGNATURE), key);
    }

    private static byte[] signature(String name, Map<String, String> files, Set<String> ignored, SigningKey key)
            throws IOException, SignatureException {
        byte[] payload = JSON.writeValueAsBytes(statement(name, files, ignored));
        ObjectNode bundle = JSON.createObjectNode().put("mediaType", BUNDLE);
        ObjectNode material = bundle.putObject("verificationMaterial");
        material.putObject("publicKey").put("hint", Sha256.hex(Pem.of(key.publicKey())));
        material.putArray("tlogEntries");
        ObjectNode envelope = bundle.putObject("dsseEnvelope")
                .put("payload", Base64.getEncoder().encodeToString(payload))
                .put("payloadType", PAYLOAD);
        envelope.putArray("signatures")
                .addObject()
                .put("sig", Base64.getEncoder().encodeToString(key.sign(message(PAYLOAD, payload))))
                .put("keyid", "");
        return JSON.writeValueAsBytes(bundle);
    }

    private static ObjectNode statement(String name, Map<String, String> files, Set<String> ignored) {
        ObjectNode statement = JSON.createObjectNode().put("_type", STATEMENT);
        statement
                .putArray("subject")
                .addObject()
                .put("name", name)
                .putObject("digest")
                .put("sha256", root(files.values()));
        statement.put("predicateType", PREDICATE);
        ObjectNode predicate = statement.putObject("predicate");
        ObjectNode serialization = predicate
                .putObject("serialization")
                .put("method", "files")
                .put("hash_type", "sha256")
                .put("allow_symlinks", false);
        ArrayNode paths = serialization.putArray("ignore_paths");
        ignored.stream().sorted().forEach(paths::add);
        ArrayNode resources = predicate.putArray("resources");
        files.forEach((path, digest) -> resources
                .addObject()
                .put("name", path)
                .put("algorithm", "sha256")
                .put("digest", digest));
        return statement;
    }

    /** One digest of all: of the files' digests as bytes, in the order of the paths. */
    private static String root(Iterable<String> digests) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        digests.forEach(digest -> all.writeBytes(HexFormat.of().parseHex(digest)));
        return Sha256.hex(all.toByteArray());
    }

    /** DSSE's pre-authentication encoding. */
    private static byte[] message(String type, byte[] payload) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes("DSSEv1 %d %s %d "
                .formatted(type.length(), type, payload.length)
                .getBytes(StandardCharsets.UTF_8));
        message.writeBytes(payload);
        return message.toByteArray();
    }

    /**
     * Compares a folder with its signature.
     *
     * @param publicKey PEM, of the key that must have signed
     * @return what differs, one line a file; empty if nothing does
     * @throws SignatureException if there is no signature, it is damaged, of another format, or by another key
     */
    public static List<String> differences(Path folder, Path publicKey) throws IOException, SignatureException {
        JsonNode statement = verified(folder.resolve(SIGNATURE), Pem.publicKey(publicKey));
        JsonNode predicate = statement.path("predicate");
        if (!predicate.at("/serialization/method").asText().equals("files")
                || !predicate.at("/serialization/hash_type").asText().equals("sha256")) {
            throw new SignatureException("%s: hashes other than each file by SHA-256 are not known here"
                    .formatted(folder.resolve(SIGNATURE)));
        }
        Map<String, String> signed = new TreeMap<>();
        predicate
                .path("resources")
                .forEach(file -> signed.put(
                        file.path("name").asText(), file.path("digest").asText()));
        Set<String> ignored = new HashSet<>(Set.of(SIGNATURE));
        predicate.at("/serialization/ignore_paths").forEach(path -> ignored.add(path.asText()));
        Map<String, String> found = files(folder, ignored);
        List<String> differences = new ArrayList<>();
        signed.forEach((path, digest) -> {
            String there = found.get(path);
            if (there == null) {
                differences.add(path + ": is missing");
            } else if (!there.equals(digest)) {
                differences.add(path + ": has changed");
            }
        });
        found.keySet().stream()
                .filter(path -> !signed.containsKey(path))
                .forEach(path -> differences.add(path + ": was not signed"));
        return differences;
    }

    private static JsonNode verified(Path file, ECPublicKey key) throws IOException, SignatureException {
        if (!Files.isRegularFile(file)) {
            throw new SignatureException(file + ": there is no signature");
        }
        try {
            JsonNode envelope = JSON.readTree(Files.readAllBytes(file)).path("dsseEnvelope");
            byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
            byte[] signature = Base64.getDecoder()
                    .decode(envelope.path("signatures").path(0).path("sig").asText());
            String type = envelope.path("payloadType").asText();
            if (!type.equals(PAYLOAD)) {
                throw new SignatureException(file + ": is not a signature of OpenSSF model signing");
            }
            if (!SigningKey.isSigned(key, message(type, payload), signature)) {
                throw new SignatureException(file + ": was not made with the private key of this public key");
            }
            JsonNode statement = JSON.readTree(payload);
            if (!statement.path("predicateType").asText().equals(PREDICATE)) {
                throw new SignatureException(file + ": is not of version 1.0 of OpenSSF model signing");
            }
            return statement;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new SignatureException(file + ": is damaged", e);
        }
    }

    /** SHA-256 by path, with slashes, in the order of the paths. */
    private static Map<String, String> files(Path folder, Set<String> ignored) throws IOException, SignatureException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        Map<String, String> files = new TreeMap<>();
        for (Path file : all) {
            String path = folder.relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || isIgnored(path, ignored)) {
                continue;
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new SignatureException(file + ": is neither a file nor a folder");
            }
            files.put(path, Sha256.hex(file));
        }
        return files;
    }

    /** A path that is ignored is a file or a folder with all that is in it. */
    private static boolean isIgnored(String path, Set<String> ignored) {
        return ignored.stream().anyMatch(each -> path.equals(each) || path.startsWith(each + "/"));
    }
}
