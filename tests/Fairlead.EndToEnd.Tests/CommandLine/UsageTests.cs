using System.Text.Json;
using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.CommandLine;

public sealed class UsageTests
{
    [Fact]
    public async Task Help_of_a_verb_ends_with_examples()
    {
        var result = await RunningProgram.RunAsync(["render", "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("--values <FILE>", result.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("render")]
    [InlineData("dev", "--port", "70000")]
    [InlineData("dev", "--output", "xml")]
    [InlineData("completion", "tcsh")]
    public async Task A_wrong_command_line_is_answered_with_a_hint_and_exit_code_2(params string[] arguments)
    {
        var result = await RunningProgram.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Matches("^fairlead( [a-z]+)?: ", result.ErrorLines[0]);
        Assert.Matches("^See 'fairlead.* --help'.$", result.ErrorLines[^1]);
    }

    [Fact]
    public async Task The_version_is_there_for_people_and_for_scripts()
    {
        var text = await RunningProgram.RunAsync(["version"]);
        var json = await RunningProgram.RunAsync(["version", "--output", "json"]);

        using var document = JsonDocument.Parse(json.Output);
        var version = document.RootElement.GetProperty("version").GetString()!;
        Assert.Matches(@"^\d+\.\d+\.\d+", version);
        Assert.StartsWith($"fairlead {version}", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public async Task Every_shell_gets_a_completion_script(string shell)
    {
        var result = await RunningProgram.RunAsync(["completion", shell]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("[suggest:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_verbs_with_the_script()
    {
        var script = await RunningProgram.RunAsync(["completion", "bash"]);
        using var directory = new TemporaryDirectory();
        var program = Path.Combine(AppContext.BaseDirectory, "fairlead");
        var test = directory.File("test.sh", $"""
            set -eu
            {script.Output}
            COMP_WORDS=({program} de) COMP_CWORD=1 COMP_LINE='{program} de' COMP_POINT={program.Length + 3}
            _fairlead
            printf '%s\n' "$COMPREPLY"
            """);

        using var bash = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("bash", [test]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("dev\n", output);
    }
}
