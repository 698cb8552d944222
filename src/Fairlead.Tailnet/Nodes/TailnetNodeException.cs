namespace Fairlead.Tailnet.Nodes;

/// <summary>A node cannot do what it was asked to. The message says what, why and, where there is one, the remedy.</summary>
public sealed class TailnetNodeException : Exception
{
    public TailnetNodeException()
    {
    }

    public TailnetNodeException(string message)
        : base(message)
    {
    }

    public TailnetNodeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
