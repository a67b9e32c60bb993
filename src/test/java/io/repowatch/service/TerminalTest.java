package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TerminalTest {

    @Test
    void tablesAlignTheirColumns() {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new CommandLine(new RepowatchCommand()).setOut(new PrintWriter(out)));

        terminal.table(List.of("A", "LONGER"), List.of(List.of("value", "x"), List.of("v", "")));

        assertThat(out.toString().lines()).containsExactly("A      LONGER", "value  x", "v");
    }

    @Test
    void controlCharactersCannotSteerTheTerminal() {
        assertThat(Terminal.printable("a\nb\u001b[31mé")).isEqualTo("a\\x0ab\\x1b[31mé");
    }
}
