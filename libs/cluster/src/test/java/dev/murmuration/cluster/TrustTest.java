package dev.murmuration.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {

    @TempDir
    private Path folder;

    @Test
    void connectionsUseTls12Or13AndNothingOlder() throws Exception {
        Trust trust = Trust.with(Files.writeString(folder.resolve("ca.pem"), pem()));

        assertThat(trust.context().getDefaultSSLParameters().getProtocols())
                .isNotEmpty()
                .isSubsetOf("TLSv1.2", "TLSv1.3");
    }

    @Test
    void theJvmsOwnAuthoritiesAreTrustedBesides() throws Exception {
        Trust trust = Trust.with(Files.writeString(folder.resolve("ca.pem"), pem()));

        assertThat(trust.manager().getAcceptedIssuers()).contains(ofTheJvm());
    }

    @Test
    void aFileWithoutACertificateIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "nothing");

        assertThatThrownBy(() -> Trust.with(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem holds no certificate");
    }

    private static String pem() throws Exception {
        byte[] line = "\n".getBytes(US_ASCII);
        return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder(64, line).encodeToString(ofTheJvm()[0].getEncoded()));
    }

    private static X509Certificate[] ofTheJvm() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
    }
}
