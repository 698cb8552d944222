using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.Render;

/// <summary>Values with one fault each, all given in one run: what is said about each.</summary>
public sealed class BadValuesTests(BadValuesTests.Run run) : IClassFixture<BadValuesTests.Run>
{
    /// <summary>A file of values; position, key and text of the message.</summary>
    public static readonly TheoryData<string, string> Cases = new()
    {
        { "proxyConfig:\n  defaultTags: [\"tag:k8s\"]", "2:3: proxyConfig.defaultTags: this must be a text, but is a list; write one text" },
        { "proxyConfig:\n  defaultTags: k8s", "2:3: proxyConfig.defaultTags: invalid tag \"k8s\"" },
        { "proxyConfig:\n  image: {tag: 1.80}", "2:11: proxyConfig.image.tag: this must be a text, but is a number; put it in quotes" },
        { "proxyConfig:\n  firewallMode: none", "2:3: proxyConfig.firewallMode: \"none\" is not one of auto, iptables, nftables" },
        { "proxyConfig: tailscale", "1:1: proxyConfig: this must be a mapping, but is a text" },
        { "operatorConfig:\n  defaultTags: tag:k8s", "2:3: operatorConfig.defaultTags: this must be a list of texts, but is a text" },
        { "installCRDs: \"yes\"", "1:1: installCRDs: this must be true or false, but is a text" },
        { "operatorConfig:\n  extraEnv:\n  - name: A\n    value: true", "4:5: operatorConfig.extraEnv[0].value: this must be a text, but is true or false" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_message_has_line_key_and_remedy(string values, string expected)
    {
        var index = Cases.Select((item, i) => (item.Data, i)).Single(item => item.Data.Item1 == values).i;

        Assert.Contains($"error: {run.Files[index]}:{expected}", run.Result.ErrorLines[index], StringComparison.Ordinal);
    }

    [Fact]
    public void The_exit_code_is_1() => Assert.Equal(1, run.Result.ExitCode);

    /// <summary>The program's answer to all cases.</summary>
    public sealed class Run : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();

        public IReadOnlyList<string> Files { get; private set; } = [];

        public ProgramResult Result { get; private set; } = new(0, "", "");

        public async ValueTask InitializeAsync()
        {
            Files = [.. Cases.Select((item, i) => _directory.File($"values{i}.yaml", item.Data.Item1))];
            Result = await RunningProgram.RunAsync(["render", "-f", "-", .. Files.SelectMany(file => (string[])["--values", file])], input: "");
        }

        public ValueTask DisposeAsync()
        {
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
