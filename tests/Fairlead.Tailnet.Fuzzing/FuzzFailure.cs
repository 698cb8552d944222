namespace Fairlead.Tailnet.Fuzzing;

/// <summary>The first input that failed in a certain way.</summary>
/// <param name="Input">The input, made smaller as far as it still fails.</param>
/// <param name="Detail">The exception, or the measure that was exceeded.</param>
public sealed record FuzzFailure(string Target, FuzzFailureKind Kind, byte[] Input, string Detail)
{
    /// <summary>With the input as hexadecimal digits, which the program's <c>--input</c> takes.</summary>
    public override string ToString() => $"{Target}: {Kind} on {Convert.ToHexStringLower(Input)}\n{Detail}";
}
