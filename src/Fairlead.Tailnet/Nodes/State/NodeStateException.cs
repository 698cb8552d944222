namespace Fairlead.Tailnet.Nodes.State;

/// <summary>A state store cannot be used. The message names the store, and what to do; it never repeats a value.</summary>
public sealed class NodeStateException : Exception
{
    public NodeStateException()
    {
    }

    public NodeStateException(string message)
        : base(message)
    {
    }

    public NodeStateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
