namespace Fairlead.Proxy.Hosting;

/// <summary>A proxy cannot go on; its message says what happened, and what to do. The process ends, and whoever keeps it starts it anew.</summary>
public sealed class ProxyException : Exception
{
    public ProxyException(string message)
        : base(message)
    {
    }

    public ProxyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
