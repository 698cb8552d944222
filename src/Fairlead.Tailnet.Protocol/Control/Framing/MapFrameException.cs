namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>A map stream that cannot be read on: it broke off, or what came is no message.</summary>
public sealed class MapFrameException : IOException
{
    public MapFrameException()
    {
    }

    public MapFrameException(string message)
        : base(message)
    {
    }

    public MapFrameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
