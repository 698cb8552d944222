namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>A directory that goes with this object.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fairlead-netfilter-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
