namespace Fairlead.Dev.Tailnet.Coordination;

/// <summary>Ends a request of a node with an error answer.</summary>
internal sealed class ProtocolRefusal(int status, string text) : Exception(text)
{
    public int Status => status;
}
