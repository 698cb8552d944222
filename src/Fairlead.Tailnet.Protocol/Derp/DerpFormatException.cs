namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>What came is no DERP, or breaks its limits. The connection cannot be used further.</summary>
public sealed class DerpFormatException : IOException
{
    public DerpFormatException(string message)
        : base(message)
    {
    }

    public DerpFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public DerpFormatException()
        : this("The stream is no DERP.")
    {
    }
}
