"""Names of people who do not exist: given and family names from many languages, paired by chance."""

import unicodedata
from collections.abc import Iterator
from random import Random

GIVEN = """
Abena Adaeze Agnieszka Aisha Alejandro Amara Amina Andile Anouk Ansel Arjun Astrid Ayşe Bartosz Beatriz Bilal Brigid
Callum Carys Catarina Chiara Chidi Dafydd Daichi Dimitra Duarte Efua Eilidh Elif Emre Esther Farah Femke Fernanda
Fiona Florian Gareth Gwen Hana Haruka Hassan Henrike Hugo Ifeoma Ilse Imran Ingrid Isla Ivo Jadwiga Joaquim Joris
Kamala Karim Katarzyna Kavita Kenji Kerstin Kofi Kwame Lakshmi Leila Lennart Linh Lucía Magdalena Malik Marcin Mariam
Marit Mateus Mehmet Meera Milena Minh Moritz Nadia Naoko Nasrin Niamh Nikhil Noor Nuno Odile Olumide Oskar Owen Parisa
Pilar Piotr Priya Quentin Rachel Rafael Ravi Renate Rhys Rosa Ruth Sabine Samira Sanne Selin Shirin Siobhan Sofie
Sunita Tadeusz Tamsin Tariq Tenzin Thandiwe Tomasz Tove Uche Ursula Valentina Vikram Wanjiru Xavier Yara Yusuf Zainab
Zeynep Zofia
""".split()  # noqa: SIM905 read as text

FAMILY = """
Abara Achterberg Adeyo Ainslow Albrechtsen Almquist Amadi Anand Arslanoğlu Asante-Boye Baptista Barrowby Bauernfeld
Belkacem Berglind Bhandari Birchall Boateng Bołtuć Brambleton Brinkhuis Calderwood Castelhano Cavanagh Chakravarty
Chaudry Chikwanha Çelikkaya Dalgaard Dąbrowicz Delacourt Demirel Dessalegn Dhaliwal Dlomo Dungworth Eberlein Ekwueme
Elmahdi Engström Eriksdotter Espinhosa Fairhaven Farrokhi Ferreirinha Fofanah Fuentealba Gallowell Gebremedhin
Ghorbani Goncalves-Reis Graupner Greenslade Gunasekara Haddadin Halloran Hashemian Hayashida Heathcombe Hinterleitner
Holmgaard Hoshikawa Igwebuike Iyengar Jablonka Jankowiak Jayasuriya Kaltenbach Kamau Karagöz Kessler-Voigt Khosravi
Kingscote Kobayakawa Kołodziejska Kruithof Kulkarni Lachapelle Langthorne Leclair-Dion Lindqvist Llewelyn-Pugh
Loftsson Lombardini Macalister Mahlaba Marchetti Matsukawa Mbeki-Dube McAllan Meadowcroft Mehrotra Mikkelborg
Montalvão Moyo-Ncube Mukherji Mwangome Nakashima Nampala Navarrete Nguyễn-Lê Nwachuku O'Farrelly Oduya Okonjwo
Olszański Onyekachi Osterkamp Ouedrago Pachecoal Papadimas Parthasarathi Penhallow Pereyra Pietrzykowski Prendergast
Quayson Quintanal Rademaker Rahmanian Ramanujapur Rasmusdottir Reinholdt Rezende Rivington Rosenkvist Sahinoglu
Sallow Sandoval-Ruiz Schönfelder Sekibo Sepúlvedra Sharifzadeh Shimomura Sieradzka Silvestrini Sørbakken Stavropoulou
Strathmoor Subramanyam Szymkowiak Takenaka Talwarkar Tembo-Banda Thistlewood Toussainte Trevanion Uchimura Umarov
Vandermolen Vasconcelhos Villalonga Wachholz Wanyonyi Weatherill Wijesundara Wróblewicz Yamashiro Yeboah-Ansah
Yildirimer Zabłocki Zandvoort Zielonka
""".split()  # noqa: SIM905 read as text

PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "'": ""})
"""Letters that do not come apart into a plain letter and a mark."""

DOMAIN = "larkfield.example"
"""A domain that is kept free for examples."""


def names(dice: Random, taken: set[str]) -> Iterator[str]:
    """Full names without end, none twice and none of those *taken*."""
    seen = set(taken)
    while True:
        name = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
        if name not in seen:
            seen.add(name)
            yield name


def address(name: str) -> str:
    """The work address of the person called *name*."""
    plain = unicodedata.normalize("NFKD", name.translate(PLAIN)).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.')}@{DOMAIN}"
