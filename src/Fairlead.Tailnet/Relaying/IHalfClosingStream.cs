namespace Fairlead.Tailnet.Relaying;

/// <summary>A stream of which one direction can end while the other goes on.</summary>
public interface IHalfClosingStream
{
    /// <summary>Tells the other end that nothing more comes from here.</summary>
    ValueTask CloseWriteAsync(CancellationToken cancellationToken);
}
