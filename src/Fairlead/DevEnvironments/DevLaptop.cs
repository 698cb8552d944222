using Fairlead.Tailnet.Nodes;
using Fairlead.TailnetNodes;

namespace Fairlead.DevEnvironments;

/// <summary>The node of the person at this machine, with a socket by which commands use it: <c>fairlead dev exec</c>.</summary>
internal sealed class DevLaptop : IAsyncDisposable
{
    public const string Hostname = "laptop";

    private readonly NodeApi _api;
    private readonly NodeDirectory _directory;

    private DevLaptop(TailnetNode node, NodeApi api, NodeDirectory directory) => (Node, _api, _directory) = (node, api, directory);

    public TailnetNode Node { get; }

    /// <summary>Where the laptop of a session has its socket.</summary>
    /// <param name="session">The session's directory.</param>
    /// <exception cref="CommandLine.UserErrorException">The path is too long for a socket in it.</exception>
    public static NodeDirectory DirectoryIn(string session) => NodeDirectory.At(Path.Combine(session, Hostname), "--directory");

    /// <param name="node">Stops with the laptop.</param>
    public static async Task<DevLaptop> StartAsync(TailnetNode node, NodeDirectory directory, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(directory.Path);
            return new DevLaptop(node, await NodeApi.StartAsync(node, directory, cancellationToken).ConfigureAwait(false), directory);
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync().ConfigureAwait(false);
        await Node.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(_directory.Path, recursive: true);
    }
}
