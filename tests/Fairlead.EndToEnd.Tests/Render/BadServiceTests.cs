using System.Globalization;
using System.Text;
using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.Render;

/// <summary>Services with one fault each, all in one file: what is said about each.</summary>
public sealed class BadServiceTests(BadServiceTests.Run run) : IClassFixture<BadServiceTests.Run>
{
    /// <summary>Annotations and spec of a Service; line of the fault in its manifest, field, part of the text.</summary>
    public static readonly TheoryData<string, string, int, string, string> Cases = new()
    {
        { "tailscale.com/expose: 'true'", "clusterIP: None", 8, "spec.clusterIP", "headless Services are not supported; give the Service a cluster IP" },
        { "tailscale.com/tailnet-fqdn: db", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/tailnet-fqdn]", "\"db\" is not a MagicDNS name; write it in full" },
        { "tailscale.com/tailnet-ip: 999.1.1.1", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/tailnet-ip]", "could not be parsed as an IP address; write one address" },
        { "tailscale.com/expose: 'true', tailscale.com/hostname: a.b", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/hostname]", "invalid hostname \"a.b\"; use 1 to 63" },
        { "tailscale.com/expose: 'true', tailscale.com/hostname: ''", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/hostname]", "invalid hostname \"\"; use 1 to 63" },
        { "tailscale.com/expose: 'true', tailscale.com/tags: 'tag:a, b'", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/tags]", "invalid tag \"b\"; a tag is" },
        { "tailscale.com/expose: 'true', tailscale.com/tags: ''", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/tags]", "invalid tag \"\"; a tag is" },
        { "tailscale.com/expose: true", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/expose]", "this must be a text, but is boolean; put the value in quotes" },
        { "tailscale.com/expose: 'true'", "ports: [{port: 80, prot: TCP}]", 8, "spec.ports[0].prot", "unknown field; correct its name" },
        { "tailscale.com/expose: 'true'", "ports: [{port: 80, protocol: tcp}]", 8, "spec.ports[0].protocol", "Unsupported value: \"tcp\"" },
        { "tailscale.com/expose: 'true', tailscale.com/proxy-class: gone", "ports: [{port: 80}]", 6, "metadata.annotations[tailscale.com/proxy-class]", "ProxyClass \"gone\" does not exist; create it" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_message_has_line_object_field_and_remedy(string annotations, string spec, int line, string field, string text)
    {
        var index = Cases.Select((item, i) => (item.Data, i)).Single(item => item.Data.Item1 == annotations && item.Data.Item2 == spec).i;
        var position = $"error: {run.File}:{(index * Run.LinesEach) + line}:";

        var error = Assert.Single(run.Result.ErrorLines, error => error.StartsWith(position, StringComparison.Ordinal));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $": Service shop/web{index}: {field}: "), error, StringComparison.Ordinal);
        Assert.Contains(text, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_rendered_and_the_exit_code_is_1()
    {
        Assert.Equal(1, run.Result.ExitCode);
        Assert.Empty(run.Result.Output);
        Assert.Equal(Cases.Count, run.Result.ErrorLines.Count);
    }

    /// <summary>The program's answer to all cases.</summary>
    public sealed class Run : IAsyncLifetime
    {
        public const int LinesEach = 9;

        private readonly TemporaryDirectory _directory = new();

        public string File { get; private set; } = "";

        public ProgramResult Result { get; private set; } = new(0, "", "");

        public async ValueTask InitializeAsync()
        {
            var manifests = new StringBuilder();
            foreach (var (index, item) in Cases.Index())
            {
                manifests.Append(CultureInfo.InvariantCulture, $$"""
                    apiVersion: v1
                    kind: Service
                    metadata:
                      name: web{{index}}
                      namespace: shop
                      annotations: { {{item.Data.Item1}} }
                    spec:
                      {{item.Data.Item2}}
                    ---

                    """);
            }

            File = _directory.File("services.yaml", manifests.ToString());
            Result = await RunningProgram.RunAsync(["render", "-f", File]);
        }

        public ValueTask DisposeAsync()
        {
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
