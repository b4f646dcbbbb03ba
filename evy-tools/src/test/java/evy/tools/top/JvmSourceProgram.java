package evy.tools.top;

import java.io.IOException;

/** Looks at processes whose numbers are its arguments, each after a line of its input. */
final class JvmSourceProgram {
    private JvmSourceProgram() {}

    public static void main(String... pids) throws Exception {
        for (String pid : pids) {
            IO.readln();
            try (JvmSource source = new JvmSource(Long.parseLong(pid))) {
                IO.println(source.read(new Question(5, Question.Order.BUSY, "")));
            } catch (IOException e) {
                IO.println(e.getMessage());
            }
        }
    }
}
