"""Each chapter's tests are those of `Proofs`, with the samples of the chapter."""


def pytest_generate_tests(metafunc):
    chapter = getattr(metafunc.cls, "chapter", None)
    if chapter is not None and "law" in metafunc.fixturenames:
        metafunc.parametrize(("law", "sample"), chapter.proofs())
    if chapter is not None and "keyword_sample" in metafunc.fixturenames:
        metafunc.parametrize("keyword_sample", chapter.with_keywords())
