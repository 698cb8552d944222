using System.Text.Json.Nodes;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.EndToEnd.Tests.Render;

public sealed class RenderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Golden).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Render", "Golden");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_objects_are_as_recorded(string name)
    {
        var folder = Path.Combine(Golden, name);
        var values = Path.Combine(folder, "values.yaml");
        string[] arguments = ["render", "-f", Path.Combine(folder, "input.yaml"), .. File.Exists(values) ? (string[])["--values", values] : []];

        var result = await RunningProgram.RunAsync(arguments);

        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "expected.yaml"), TestContext.Current.CancellationToken), result.Output);
    }

    [Fact]
    public async Task JSON_holds_the_same_objects_as_YAML()
    {
        var example = Path.Combine(AppContext.BaseDirectory, "examples", "argocd-server.yaml");
        var yaml = await RunningProgram.RunAsync(["render", "-f", example]);
        var json = await RunningProgram.RunAsync(["render", "-f", example, "--output", "json"]);

        var fromYaml = new JsonArray([.. YamlJson.Read(yaml.Output, "render").Select(document => document.Root!.DeepClone())]);
        Assert.True(JsonNode.DeepEquals(fromYaml, JsonNode.Parse(json.Output)!["items"]));
    }

    [Fact]
    public async Task Manifests_come_from_standard_input_directories_and_Lists_alike()
    {
        const string Service = """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "annotations": {"tailscale.com/expose": "true"}}, "spec": {"ports": [{"port": 80}]}}
            """;
        _directory.File("list.json", $$"""{"apiVersion": "v1", "kind": "List", "items": [{{Service}}]}""");

        var fromInput = await RunningProgram.RunAsync(["render", "-f", "-"], input: Service);
        var fromDirectory = await RunningProgram.RunAsync(["render", "-f", _directory.Path]);

        Assert.Contains("kind: StatefulSet", fromInput.Output, StringComparison.Ordinal);
        Assert.Equal(fromInput.Output, fromDirectory.Output);
    }

    [Fact]
    public async Task A_Service_that_asks_for_nothing_gets_nothing_and_that_is_said()
    {
        var result = await RunningProgram.RunAsync(
            ["render", "-f", "-"], input: "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("no Service in these manifests asks for a proxy", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_annotation_without_effect_is_a_warning_with_its_place()
    {
        var result = await RunningProgram.RunAsync(["render", "-f", "-"], input: """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                tailscale.com/expose: "True"
            spec:
              ports: [{port: 80}]
            """);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("warning: stdin:6:5: Service default/web: metadata.annotations[tailscale.com/expose]: \"True\" has no effect", result.ErrorLines[0], StringComparison.Ordinal);
    }
}
