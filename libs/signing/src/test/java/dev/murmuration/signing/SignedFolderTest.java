package dev.murmuration.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedFolderTest {

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private Path key = Path.of("");

    @BeforeEach
    void signed() throws Exception {
        folder = Files.createDirectories(temporary.resolve("export"));
        key = temporary.resolve("key.pem");
        Files.writeString(folder.resolve("index.csv"), "a,b\n");
        Files.createDirectories(folder.resolve("train"));
        Files.write(folder.resolve("train/0.tar"), new byte[2000]);
        Files.writeString(folder.resolve("redactions.txt"), "");
        SigningKey.make(key);
        SignedFolder.sign(folder, "flat 7", Set.of("redactions.txt"), SigningKey.read(key));
    }

    @Test
    void whatIsUnchangedHasNoDifferences() throws Exception {
        Files.writeString(folder.resolve("redactions.txt"), "may change");

        assertThat(SignedFolder.differences(folder, SigningKey.publicFile(key))).isEmpty();
    }

    @Test
    void namesWhatIsChangedMissingOrAdded() throws Exception {
        byte[] shard = Files.readAllBytes(folder.resolve("train/0.tar"));
        shard[1234] ^= 1;
        Files.write(folder.resolve("train/0.tar"), shard);
        Files.delete(folder.resolve("index.csv"));
        Files.writeString(folder.resolve("train/1.tar"), "");

        assertThat(SignedFolder.differences(folder, SigningKey.publicFile(key)))
                .containsExactly("index.csv: is missing", "train/0.tar: has changed", "train/1.tar: was not signed");
    }

    @Test
    void aSignatureByAnotherKeyIsNone() throws Exception {
        Path other = temporary.resolve("other.pem");
        SigningKey.make(other);

        assertThatThrownBy(() -> SignedFolder.differences(folder, SigningKey.publicFile(other)))
                .isInstanceOf(SignatureException.class)
                .hasMessageContaining("not made with the private key");
    }

    /** Whoever changes a file and its hash in the statement needs the key. */
    @Test
    void aStatementThatWasChangedIsNotBelieved() throws Exception {
        Path file = folder.resolve(SignedFolder.SIGNATURE);
        String bundle = Files.readString(file);
        String payload =
                new ObjectMapper().readTree(bundle).at("/dsseEnvelope/payload").asText();
        String changed = new String(Base64.getDecoder().decode(payload), UTF_8).replace("index.csv", "Index.csv");
        Files.writeString(file, bundle.replace(payload, Base64.getEncoder().encodeToString(changed.getBytes(UTF_8))));

        assertThatThrownBy(() -> SignedFolder.differences(folder, SigningKey.publicFile(key)))
                .hasMessageContaining("not made with the private key");
    }

    @Test
    void aDamagedOrMissingSignatureIsSaidToBeSo() throws Exception {
        Path file = folder.resolve(SignedFolder.SIGNATURE);
        Files.writeString(file, Files.readString(file).substring(0, 200));
        assertThatThrownBy(() -> SignedFolder.differences(folder, SigningKey.publicFile(key)))
                .isInstanceOf(SignatureException.class)
                .hasMessageContaining("is damaged");

        Files.delete(file);
        assertThatThrownBy(() -> SignedFolder.differences(folder, SigningKey.publicFile(key)))
                .hasMessageContaining("there is no signature");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), temporary.resolve("key.pem"));

        assertThatThrownBy(() -> SignedFolder.differences(folder, SigningKey.publicFile(key)))
                .hasMessageContaining("neither a file nor a folder");
    }

    @Test
    void keysThatAreNoneOrNoPairAreNamed() throws Exception {
        Path other = temporary.resolve("other.pem");
        SigningKey.make(other);
        Files.copy(key, temporary.resolve("mixed.pem"));
        Files.copy(SigningKey.publicFile(other), temporary.resolve("mixed.pem.pub"));
        Files.writeString(temporary.resolve("none.pem"), "no key");

        assertThatThrownBy(() -> SigningKey.read(temporary.resolve("mixed.pem")))
                .hasMessageContaining("is not the public key of");
        assertThatThrownBy(() -> SigningKey.read(temporary.resolve("none.pem")))
                .hasMessageContaining("has no '-----BEGIN PRIVATE KEY-----'");
    }

    /** What model_signing 1.1.1 writes for a folder of the files a and b with the texts "hi" and "yo" and line feeds. */
    @Test
    void hashesAsTheReferenceDoes() throws Exception {
        Path small = temporary.resolve("m");
        Files.createDirectories(small.resolve("sub"));
        Files.writeString(small.resolve("a.txt"), "hi\n");
        Files.writeString(small.resolve("sub/b.txt"), "yo\n");

        SignedFolder.sign(small, "m", Set.of(), SigningKey.read(key));

        String payload = new ObjectMapper()
                .readTree(small.resolve(SignedFolder.SIGNATURE).toFile())
                .at("/dsseEnvelope/payload")
                .asText();
        JsonNode statement = new ObjectMapper().readTree(Base64.getDecoder().decode(payload));
        assertThat(statement.at("/subject/0/digest/sha256").asText())
                .isEqualTo("eeee7bf4793ec9e141e7cf857408627afb30be39313448a6427e773afd2e8da9");
        assertThat(statement.at("/predicate/resources/1").toString())
                .isEqualTo("{\"name\":\"sub/b.txt\",\"algorithm\":\"sha256\","
                        + "\"digest\":\"ebe95d10cc11e27bd8d4d1ce91bc725665ddbaa6ca2498ef38a88a58ad48cdb4\"}");
    }

    /** And the other way about. */
    @Test
    void theReferenceReadsItAndIsRead() throws Exception {
        assumeThat(run("model_signing", "--version"))
                .as("model_signing of PyPI's package model-signing, on the PATH")
                .isZero();
        String signature = folder.resolve(SignedFolder.SIGNATURE).toString();
        String publicKey = SigningKey.publicFile(key).toString();
        String[] verify = {
            "model_signing", "verify", "key", folder.toString(), "--signature", signature, "--public_key", publicKey
        };
        assertThat(run(verify)).isZero();
        Files.writeString(folder.resolve("index.csv"), "c,d\n");
        assertThat(run(verify)).isNotZero();

        assertThat(run(
                        "model_signing",
                        "sign",
                        "key",
                        folder.toString(),
                        "--signature",
                        signature,
                        "--private_key",
                        key.toString()))
                .isZero();
        assertThat(SignedFolder.differences(folder, Path.of(publicKey))).isEmpty();
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // It is not there.
        }
    }
}
