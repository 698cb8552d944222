namespace Fairlead.Tailnet.Control.Maps;

/// <summary>The coordination server sent something that makes no network map.</summary>
public sealed class NetworkMapException : Exception
{
    public NetworkMapException()
    {
    }

    public NetworkMapException(string message)
        : base(message)
    {
    }

    public NetworkMapException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
