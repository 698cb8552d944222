namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>A read or write of a connection that waits.</summary>
internal abstract class StreamOperation(TransmissionControlBlock block) : PendingOperation(block.Gate, block.Layer.Work)
{
    protected TransmissionControlBlock Block => block;
}
