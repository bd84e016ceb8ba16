package dev.murmuration.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Key and certificate of each user in a PKCS 12 file, made by the JDK's own tool. Each certificate vouches for itself and all are
 * trusted; Strimzi has one authority for all of them, which makes no difference to whom a client is and what it may do.
 */
record Keys(Map<String, KeyStore> stores, Path folder) {

    static final String PASSWORD = "of-this-test";

    static Keys made(Path folder, Collection<String> users) throws Exception {
        Map<String, Process> tools = new TreeMap<>();
        Files.createDirectories(folder);
        for (String user : users) {
            tools.put(user, keytool(folder, user));
        }
        Map<String, KeyStore> stores = new TreeMap<>();
        for (Map.Entry<String, Process> tool : tools.entrySet()) {
            if (!tool.getValue().waitFor(120, TimeUnit.SECONDS)
                    || tool.getValue().exitValue() != 0) {
                throw new IOException(Files.readString(folder.resolve(tool.getKey() + ".txt")));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(folder.resolve(tool.getKey() + ".p12"))) {
                store.load(in, PASSWORD.toCharArray());
            }
            stores.put(tool.getKey(), store);
        }
        Keys keys = new Keys(stores, folder);
        keys.writeTrusted();
        return keys;
    }

    private static Process keytool(Path folder, String user) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String store = folder.resolve(user + ".p12").toString();
        return new ProcessBuilder(
                        tool,
                        "-genkeypair",
                        "-alias",
                        user,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + user,
                        "-validity",
                        "2",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store,
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(user + ".txt").toFile())
                .start();
    }

    private void writeTrusted() throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        for (Map.Entry<String, KeyStore> store : stores.entrySet()) {
            all.setCertificateEntry(store.getKey(), store.getValue().getCertificate(store.getKey()));
        }
        try (OutputStream out = Files.newOutputStream(trusted())) {
            all.store(out, PASSWORD.toCharArray());
        }
    }

    /** The certificates of all, PKCS 12. */
    Path trusted() {
        return folder.resolve("ca.p12");
    }

    Path store(String user) {
        return folder.resolve(user + ".p12");
    }

    /** The certificates of all, PEM. */
    String trustedPem() throws GeneralSecurityException {
        StringBuilder pem = new StringBuilder();
        for (String user : stores.keySet()) {
            pem.append(certificate(user));
        }
        return pem.toString();
    }

    /** PEM. */
    String certificate(String user) throws GeneralSecurityException {
        return pem("CERTIFICATE", store(stores, user).getCertificate(user).getEncoded());
    }

    /** PEM, PKCS 8. */
    String key(String user) throws GeneralSecurityException {
        return pem(
                "PRIVATE KEY",
                store(stores, user).getKey(user, PASSWORD.toCharArray()).getEncoded());
    }

    private static KeyStore store(Map<String, KeyStore> stores, String user) {
        KeyStore store = stores.get(user);
        if (store == null) {
            throw new IllegalArgumentException("no keys of " + user);
        }
        return store;
    }

    private static String pem(String what, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
    }
}
