namespace Fairlead.CommandLine;

/// <summary>Something the caller can put right. The message says what is wrong and the remedy; it is shown as it is.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class UserErrorException(int exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public int ExitCode => exitCode;
}
