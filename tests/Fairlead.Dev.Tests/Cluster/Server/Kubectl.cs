using System.Diagnostics;

namespace Fairlead.Dev.Tests.Cluster.Server;

/// <summary>Runs kubectl and helm against a cluster, where they are installed.</summary>
internal sealed class Kubectl : IAsyncDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("kubectl-");

    private Kubectl(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    public string Home => _home.FullName;

    public static async Task<Kubectl> StartAsync()
    {
        Assert.SkipUnless(Find("kubectl") is not null, "kubectl is not on PATH");
        var kubectl = new Kubectl(await TestCluster.StartAsync());
        await kubectl.Cluster.Cluster.WriteKubeconfigAsync(kubectl.Kubeconfig, TestCluster.Token);
        return kubectl;
    }

    private string Kubeconfig => Path.Combine(Home, "config");

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public Task<string> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    public async Task<string> RunAsync(string? input, string[] arguments, string program = "kubectl", int exitCode = 0, (string Name, string Value)? environment = null)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Kubeconfig;
        start.Environment["HOME"] = Home;
        if (environment is var (name, value))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestCluster.Token);
        var error = await process.StandardError.ReadToEndAsync(TestCluster.Token);
        await process.WaitForExitAsync(TestCluster.Token);
        Assert.True(process.ExitCode == exitCode, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}{error}");
        return await output + error;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _home.Delete(true);
    }
}
