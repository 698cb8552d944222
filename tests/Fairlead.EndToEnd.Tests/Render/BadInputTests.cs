using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.Render;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Two_egress_targets_and_a_derived_hostname_that_is_too_long_are_named()
    {
        var name = new string('w', 60);
        var result = await RunningProgram.RunAsync(["render", "-f", "-"], input: $$"""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{name}}
              namespace: shop
              annotations:
                tailscale.com/tailnet-ip: 100.64.0.1
                tailscale.com/tailnet-fqdn: db.corp.ts.net
            spec:
              type: ExternalName
              externalName: placeholder
            """);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("stdin:8:5: ", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("only one of this and tailscale.com/tailnet-ip may be set; remove the other", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains($"metadata.name: derived hostname \"shop-{name}\" is invalid", result.ErrorLines[1], StringComparison.Ordinal);
        Assert.Contains("choose one with the annotation tailscale.com/hostname", result.ErrorLines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [\nb: }", ":2:1: ")]
    [InlineData("a: 1\n a: 2\n", ":2:")]
    [InlineData("a: 1\na: 2\n", ":2:1: the key 'a' is there twice")]
    public async Task Malformed_YAML_is_named_with_file_line_and_column_and_exit_code_2(string text, string expected)
    {
        var file = _directory.File("broken.yaml", text);

        var result = await RunningProgram.RunAsync(["render", "-f", file]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(file + expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: Service\nmetadata: {name: a}", "stdin:1:1: apiVersion: ")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {}", "stdin:3:1: Service: metadata.name: ")]
    [InlineData("- 1", "stdin:1:1: this is not an object")]
    public async Task What_is_no_object_is_named(string text, string expected)
    {
        var result = await RunningProgram.RunAsync(["render", "-f", "-"], input: text);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_that_lead_nowhere_are_named()
    {
        var file = await RunningProgram.RunAsync(["render", "-f", "absent.yaml"]);
        var empty = await RunningProgram.RunAsync(["render", "-f", _directory.Path]);

        Assert.All((ProgramResult[])[file, empty], result => Assert.Equal(2, result.ExitCode));
        Assert.Contains("absent.yaml: there is no such file", Assert.Single(file.ErrorLines), StringComparison.Ordinal);
        Assert.Contains($"{_directory.Path}: there is no .yaml", Assert.Single(empty.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_the_chart_ignores_are_warnings()
    {
        var file = _directory.File("values.yaml", "proxyResources: {}\noperatorConfig:\n  existingSecret: x\n");

        var result = await RunningProgram.RunAsync(["render", "-f", "-", "--values", file], input: "");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"warning: {file}:1:1: proxyResources: the chart does not know this key", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains($"warning: {file}:3:3: operatorConfig.existingSecret: ", result.ErrorLines[1], StringComparison.Ordinal);
    }
}
