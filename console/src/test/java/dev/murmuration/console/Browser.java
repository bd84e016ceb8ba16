package dev.murmuration.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's chromium, by Debian's driver: nothing is looked for or fetched elsewhere. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Pattern REQUESTED =
            Pattern.compile("\"Network\\.requestWillBeSent\".*?\"request\":\\{.*?\"url\":\"([^\"]+)\"");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ChromeDriver driver;
    private final URI console;

    private Browser(ChromeDriver driver, URI console) {
        this.driver = driver;
        this.console = console;
    }

    /** Starts one; the test is skipped, saying so, where there is none. */
    static Browser start(URI console) {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no browser: apt-get install chromium chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-extensions",
                "--window-size=1360,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER.toString()))
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options), console);
    }

    void open(String path) {
        driver.get(console.resolve(path).toString());
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Waits until an element with this selector contains the text; returns all of that element's text. */
    String await(String selector, String text) {
        long last = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < last) {
            try {
                for (WebElement element : driver.findElements(By.cssSelector(selector))) {
                    String found = element.getText();
                    if (found.contains(text)) {
                        return found;
                    }
                }
            } catch (StaleElementReferenceException e) {
                // Brought up to date meanwhile: the next look finds the new one.
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("no %s with '%s' within %s in:%n%s".formatted(selector, text, TIMEOUT, body()));
    }

    /** Types into a field, or gives it a file. */
    void type(String selector, String text) {
        await(selector, "");
        driver.findElement(By.cssSelector(selector)).sendKeys(text);
    }

    /** Presses Enter on the first element with this selector: by keyboard, since the page may move under a pointer. */
    void enter(String selector) {
        await(selector, "");
        for (int tries = 0; tries < 10; tries++) {
            try {
                driver.findElement(By.cssSelector(selector)).sendKeys(Keys.ENTER);
                return;
            } catch (StaleElementReferenceException e) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError(selector + " is never still");
    }

    /** Waits until nothing has this selector. */
    void awaitGone(String selector) {
        long last = System.nanoTime() + TIMEOUT.toNanos();
        while (!driver.findElements(By.cssSelector(selector)).isEmpty()) {
            if (System.nanoTime() > last) {
                throw new AssertionError("still a %s after %s in:%n%s".formatted(selector, TIMEOUT, body()));
            }
        }
    }

    /** Waits until so many elements have this selector. */
    void awaitCount(String selector, int wanted) {
        long last = System.nanoTime() + TIMEOUT.toNanos();
        while (count(selector) != wanted) {
            if (System.nanoTime() > last) {
                throw new AssertionError("%d %s after %s, not %d, in:%n%s"
                        .formatted(count(selector), selector, TIMEOUT, wanted, body()));
            }
        }
    }

    int count(String selector) {
        return driver.findElements(By.cssSelector(selector)).size();
    }

    private String body() {
        return driver.findElement(By.tagName("body")).getText();
    }

    /** Hosts and ports of everything that was requested since the start, without what has none. */
    List<String> requestedFrom() {
        return messages(LogType.PERFORMANCE)
                .flatMap(message -> {
                    Matcher matcher = REQUESTED.matcher(message);
                    return matcher.find() ? Stream.of(matcher.group(1)) : Stream.<String>empty();
                })
                .filter(url -> url.contains("://"))
                .map(url -> URI.create(url.replaceFirst("([^?#]*).*", "$1")).getAuthority())
                .distinct()
                .toList();
    }

    /** What the browser complains of: scripts that failed, whatever the policy of the page refused. */
    List<String> complaints() {
        return messages(LogType.BROWSER).toList();
    }

    private Stream<String> messages(String type) {
        return driver.manage().logs().get(type).getAll().stream().map(LogEntry::getMessage);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
