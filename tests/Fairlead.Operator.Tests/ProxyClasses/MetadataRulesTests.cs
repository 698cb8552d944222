using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Tests.ProxyClasses;

public sealed class MetadataRulesTests
{
    private const string Long63 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("a", "")]
    [InlineData("A.b_c-1", "V.a_l-1")]
    [InlineData("example.com/name", Long63)]
    [InlineData(Long63, "1")]
    public void A_label_is_taken(string key, string value) => Assert.Empty(Violations(key, value));

    [Theory]
    [InlineData("", "v")]
    [InlineData("-a", "v")]
    [InlineData("a/", "v")]
    [InlineData("/a", "v")]
    [InlineData("a/b/c", "v")]
    [InlineData("Example.com/a", "v")]
    [InlineData(Long63 + "a", "v")]
    [InlineData("a", "-v")]
    [InlineData("a", "v w")]
    [InlineData("a", Long63 + "a")]
    [InlineData("a", "v\n")]
    public void What_is_no_label_names_the_field(string key, string value) =>
        Assert.StartsWith(".spec.x: invalid", Assert.Single(Violations(key, value)), StringComparison.Ordinal);

    [Fact]
    public void Annotations_may_take_256_kibibytes_in_all()
    {
        var size = 256 * 1024;

        Assert.Empty(MetadataRules.AnnotationViolations(new Dictionary<string, string> { ["a"] = new('x', size - 1) }, ".spec.x"));
        Assert.Contains(
            "262145 bytes",
            Assert.Single(MetadataRules.AnnotationViolations(new Dictionary<string, string> { ["a"] = new('x', size) }, ".spec.x")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_annotations_may_have_upper_case_in_their_prefix() =>
        Assert.Empty(MetadataRules.AnnotationViolations(new Dictionary<string, string> { ["Example.COM/a"] = "any \n text" }, ".spec.x"));

    private static IEnumerable<string> Violations(string key, string value) =>
        MetadataRules.LabelViolations(new Dictionary<string, string> { [key] = value }, ".spec.x");
}
