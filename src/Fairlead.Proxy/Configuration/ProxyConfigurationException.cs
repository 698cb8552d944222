namespace Fairlead.Proxy.Configuration;

/// <summary>A proxy's environment cannot be used; the message names each variable at fault and what to do. It never repeats a secret.</summary>
public sealed class ProxyConfigurationException : Exception
{
    public ProxyConfigurationException(string message)
        : base(message)
    {
    }

    public ProxyConfigurationException(IReadOnlyList<string> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    public IReadOnlyList<string> Problems { get; } = [];
}
