package io.repowatch.service.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The metrics of a process, as it serves them over HTTP. */
final class MetricsPage {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;

    private MetricsPage(URI address) {
        this.address = address;
    }

    /** Of a process that was started with {@code --http}, by the line that says that it is ready. */
    static MetricsPage of(String readyLine) {
        return new MetricsPage(URI.create("http://" + readyLine.replaceAll(".* http=(\\S+).*", "$1") + "/metrics"));
    }

    /** The value of a metric now; {@code name} holds the labels, as they stand on the page. */
    double value(String name) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
