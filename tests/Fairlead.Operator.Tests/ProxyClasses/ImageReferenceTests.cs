using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Tests.ProxyClasses;

public sealed class ImageReferenceTests
{
    private const string Hex64 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox")]
    [InlineData("tailscale/tailscale:v1.98.0")]
    [InlineData("localhost/a")]
    [InlineData("localhost:5000/a/b-c__d.e:TAG_1.x-y")]
    [InlineData("Registry.Example.com:443/a@sha256:" + Hex64)]
    [InlineData("[2001:db8::1]:5000/a")]
    [InlineData("ghcr.io/tailscale/tailscale:unstable@sha256:" + Hex64)]
    [InlineData("library/" + Hex64)]
    [InlineData("a@sha512:" + Hex64 + Hex64)]
    public void An_image_reference_is_taken(string text) => Assert.Null(ImageReference.Violation(text));

    [Theory]
    [InlineData("bad image", "write registry/repository:tag")]
    [InlineData("UPPER/Case", "lower case")]
    [InlineData("Busybox", "lower case")]
    [InlineData(Hex64, "ID of an image")]
    [InlineData("a//b", "write registry/repository:tag")]
    [InlineData("a:", "write registry/repository:tag")]
    [InlineData("a:-x", "write registry/repository:tag")]
    [InlineData("https://example.com/a", "write registry/repository:tag")]
    [InlineData("a@sha256:0123", "write registry/repository:tag")]
    [InlineData("a@md5:0123456789abcdef0123456789abcdef", "digest")]
    [InlineData("a@sha256:" + Hex64 + "0", "digest")]
    [InlineData("a-/b", "write registry/repository:tag")]
    [InlineData("a\n", "write registry/repository:tag")]
    public void What_is_no_image_reference_says_why(string text, string why) =>
        Assert.Contains(why, ImageReference.Violation(text), StringComparison.Ordinal);

    [Fact]
    public void A_name_is_at_most_255_characters_long()
    {
        Assert.Null(ImageReference.Violation("example.com/" + new string('a', 243) + ":tag"));
        Assert.Contains("256 characters", ImageReference.Violation("example.com/" + new string('a', 244)), StringComparison.Ordinal);
    }
}
