namespace Fairlead.Proxy.Forwarding;

/// <summary>Traffic cannot be made to take the desired way.</summary>
public sealed class ForwardingException : Exception
{
    public ForwardingException(string message)
        : base(message)
    {
    }

    public ForwardingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
