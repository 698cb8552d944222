namespace Fairlead.Tailnet.Fuzzing;

/// <summary>One decoder of bytes that come from outside.</summary>
public interface IFuzzTarget
{
    /// <summary>Unique, e.g. <c>derp-frame</c>.</summary>
    string Name { get; }

    /// <summary>Inputs to start from: at least one that is valid, and those that reach the rarer parts.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>
    /// Decodes the input. It catches what the decoder documents; any exception that comes out is a failure, as are a call that does not
    /// end and one that allocates more than <see cref="AllocationLimit"/>.
    /// </summary>
    void Run(ReadOnlySpan<byte> input);

    /// <summary>Most bytes that one call may allocate: what a decoder keeps is in proportion to its input.</summary>
    long AllocationLimit(int inputLength) => (1 << 20) + (256L * inputLength);
}
